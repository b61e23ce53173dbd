package dev.eider.runtime.collect.known;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Who made a device, by how its maker's model numbers begin ({@code makers.txt}). What is not in
 * that short table has a model and no brand.
 */
final class DeviceMakers {

  private record Maker(String prefix, String brand) {}

  private static final List<Maker> BY_MODEL = new ArrayList<>();
  private static final List<Maker> BY_WORD = new ArrayList<>();

  static {
    Lines.forEach(
        "makers.txt",
        line -> {
          int colon = line.indexOf(':');
          String brand = line.substring(0, colon);
          for (String part : line.substring(colon + 1).split(",", -1)) {
            String key = part.strip();
            if (key.startsWith("=")) {
              BY_WORD.add(new Maker(key.substring(1), brand));
            } else {
              BY_MODEL.add(new Maker(key.toLowerCase(Locale.ROOT), brand));
            }
          }
        });
    // The longest prefix says most.
    BY_MODEL.sort((a, b) -> b.prefix().length() - a.prefix().length());
  }

  private DeviceMakers() {}

  static Hardware of(String type, String model) {
    String plain = model.strip();
    for (Maker maker : BY_MODEL) {
      if (fits(maker.prefix(), plain)) {
        return new Hardware(type, maker.brand(), withoutBrand(maker.brand(), plain));
      }
    }
    return new Hardware(type, "", plain);
  }

  /** Devices without Android that say who made them: televisions, consoles, old telephones. */
  static Hardware others(String type, String userAgent) {
    if (!type.equals("desktop")) {
      for (Maker maker : BY_WORD) {
        if (userAgent.contains(maker.prefix())) {
          String model = type.equals("console") ? console(userAgent) : "";
          return new Hardware(type, maker.brand(), model);
        }
      }
    }
    return new Hardware(type, "", "");
  }

  private static String console(String userAgent) {
    for (String model :
        List.of(
            "PlayStation 5",
            "PlayStation 4",
            "PlayStation 3",
            "PLAYSTATION 3",
            "PlayStation Vita",
            "Nintendo Switch",
            "Nintendo WiiU",
            "Nintendo Wii",
            "Nintendo 3DS",
            "Nintendo DSi",
            "Xbox Series X",
            "Xbox One",
            "Xbox")) {
      if (userAgent.contains(model)) {
        return model.startsWith("PLAY") ? "PlayStation 3" : model;
      }
    }
    return "";
  }

  /** In a prefix, {@code #} stands for a digit and {@code _} for what stands between words. */
  private static boolean fits(String prefix, String model) {
    if (model.length() < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      char wanted = prefix.charAt(i);
      char c = Character.toLowerCase(model.charAt(i));
      boolean same =
          switch (wanted) {
            case '#' -> c >= '0' && c <= '9';
            case '_' -> c == ' ' || c == '_' || c == '-';
            default -> c == wanted;
          };
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** {@code SAMSUNG SM-G960F} and {@code SM-G960F} are one model. */
  private static String withoutBrand(String brand, String model) {
    boolean named =
        model.length() > brand.length() + 1
            && model.regionMatches(true, 0, brand, 0, brand.length())
            && (model.charAt(brand.length()) == ' ' || model.charAt(brand.length()) == '_');
    return named ? model.substring(brand.length() + 1).strip() : model;
  }
}
