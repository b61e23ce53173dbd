package dev.eider.runtime.collect.known;

import java.util.regex.Pattern;

/**
 * What kind of device it is and who made it.
 *
 * @param type {@code desktop}, {@code mobile}, {@code tablet}, {@code tv} or {@code console}
 * @param brand the maker, or empty
 * @param model as the maker calls it in its user agents, or empty
 */
record Hardware(String type, String brand, String model) {

  private static final String[] CONSOLES = {
    "PlayStation", "PLAYSTATION", "Nintendo", "Xbox", "XBOX_", "OUYA"
  };

  private static final String[] TVS = {
    "SmartTV",
    "SMART-TV",
    "Smart-TV",
    "Smart TV",
    "smart-tv",
    "AppleTV",
    "Apple TV",
    "GoogleTV",
    "Android TV",
    "AndroidTV",
    "Android/TV",
    "BRAVIA",
    "HbbTV",
    "Web0S",
    "WebOS",
    "webOS.TV",
    "NetCast",
    "NETTV",
    "Roku",
    "CrKey",
    "Chromecast",
    "DTV;",
    "; VIERA",
    "Viera",
    "; AFT",
    "MiTV",
    "MIBOX",
    "SHIELD Android",
    "Large Screen",
    "TV Box",
    "TV Store",
    "CE-HTML",
    "Opera TV",
    "OPR TV",
    "TV Safari",
    "Vewd",
    "Netgem",
    "PhilipsTV",
    "AQUOS-T"
  };

  private static final String[] TABLETS = {
    "iPad",
    "Tablet",
    "tablet",
    "Kindle",
    "KFAPWI",
    "PlayBook",
    "Xoom",
    "Nexus 7",
    "Nexus 9",
    "Nexus 10",
    "MediaPad",
    "MatePad",
    "Pixel C"
  };

  private static final Pattern TV_MODEL =
      Pattern.compile("\\bTV\\b|TVBOX|\\b[Bb]ox\\b|\\bBOX\\b|MXQ|\\bSTB|\\bStick\\b");

  /** Tablets whose browsers may call themselves mobile. */
  private static final Pattern TABLET_MODEL =
      Pattern.compile(
          "^SM-[TXP]\\d|^GT-P\\d|^KF[A-Z]{2,5}$|(?i)(?:^|[ _-])(?:tab|pad|tb-|yt-|yt3-)");

  private static final String[] MOBILES = {
    "Mobi", "iPhone", "iPod", "Opera Mini", "OPiOS", "BlackBerry", "BB10", "Symbian", "SymbOS",
    "J2ME", "MIDP", "Windows Phone", "IEMobile", "Windows CE", "Nokia", "NOKIA", "UCWEB", "KAIOS",
    "Series40", "Series60", "webOS/", "hpwOS", "Bada", "MeeGo", "Maemo", "PalmOS", "PalmSource",
    "CLDC", "Obigo", "SonyEricsson"
  };

  static Hardware of(String userAgent) {
    DeviceModel found = DeviceModel.find(userAgent);
    String model = found.in(userAgent);
    String type = type(userAgent, model);
    if (!model.isEmpty()) {
      return DeviceMakers.of(type, model);
    }
    if (type.equals("console")) {
      // One of Nintendo's says that it is like an iPhone.
      return DeviceMakers.others(type, userAgent);
    }
    if (has(userAgent, "iPhone")) {
      return new Hardware(type, "Apple", "iPhone");
    }
    if (has(userAgent, "iPad")) {
      return new Hardware(type, "Apple", "iPad");
    }
    if (has(userAgent, "iPod")) {
      return new Hardware(type, "Apple", "iPod");
    }
    if (has(userAgent, "Macintosh")) {
      return new Hardware(type, "Apple", "Mac");
    }
    return DeviceMakers.others(type, userAgent);
  }

  private static String type(String userAgent, String model) {
    boolean windows = has(userAgent, "Windows NT");
    if (hasAny(userAgent, CONSOLES)) {
      return "console";
    }
    if (hasAny(userAgent, TVS)
        || has(userAgent, "Tizen") && has(userAgent, "TV")
        || TV_MODEL.matcher(model).find()) {
      return "tv";
    }
    boolean android = has(userAgent, "Android");
    boolean mobile = hasAny(userAgent, MOBILES);
    if (windows && !android && !has(userAgent, "Windows Phone")) {
      // Internet Explorer says that Windows has a part called Tablet PC.
      return "desktop";
    }
    if (hasAny(userAgent, TABLETS) || TABLET_MODEL.matcher(model).find()) {
      return "tablet";
    }
    if (has(userAgent, "Silk/") && !has(userAgent, "Mobile Safari")) {
      return "tablet";
    }
    // Of browsers only those of tablets leave the word out; Dalvik is no browser, but apps.
    if (android
        && !has(userAgent, "Mobi")
        && !has(userAgent, "Opera Mini")
        && !has(userAgent, "Dalvik/")) {
      return "tablet";
    }
    return mobile || android ? "mobile" : "desktop";
  }

  private static boolean has(String userAgent, String word) {
    return userAgent.contains(word);
  }

  private static boolean hasAny(String userAgent, String[] words) {
    for (String word : words) {
      if (userAgent.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
