package dev.eider.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.eider.runtime.disk.Disk;
import dev.eider.runtime.state.SavedItems.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people save for sites. */
class SavedItemsTest {

  private static final String SITE = "blog.example.com";

  @TempDir Path directory;
  private SavedItems items;

  @BeforeEach
  void open() throws IOException {
    items = new SavedItems(StateDirectory.open(directory.resolve("notes"), Disk.real()), 3);
  }

  @Test
  void areThereAfterAStart() throws Exception {
    items.add(SITE, text("a"));
    items.add(SITE, text("b"));
    items.add("other.example.com", text("c"));
    assertThat(items.replace(SITE, 1, text("A"))).isTrue();
    assertThat(items.remove(SITE, 2)).isTrue();
    assertThat(items.remove(SITE, 2)).isFalse();
    assertThat(items.replace(SITE, 7, text("x"))).isFalse();

    open();
    assertThat(items.of(SITE)).containsExactly(new Item(1, text("A")));
    assertThat(items.of("other.example.com")).containsExactly(new Item(1, text("c")));
    assertThat(items.of("nobody.example.com")).isEmpty();
    // What had a number that is gone is not mistaken for something new.
    assertThat(items.add(SITE, text("d"))).isEqualTo(new Item(3, text("d")));
  }

  @Test
  void areNotMoreThanASiteMayHave() throws Exception {
    for (String each : List.of("a", "b", "c")) {
      items.add(SITE, text(each));
    }
    assertThatThrownBy(() -> items.add(SITE, text("d")))
        .hasMessage("this site has 3 of them, the most there may be; remove some first");
    items.remove(SITE, 1);
    assertThat(items.add(SITE, text("d")).id()).isEqualTo(4);
  }

  @Test
  void areKeptByAllWhoAddAtOnce() throws Exception {
    items = new SavedItems(StateDirectory.open(directory.resolve("many"), Disk.real()), 100);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  items.add(SITE, text("x"));
                } catch (IOException | SavedItems.FullException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(items.of(SITE)).extracting(Item::id).doesNotHaveDuplicates().hasSize(20);
  }

  @Test
  void aFileThatIsNoneOfOursIsLeftAlone() throws Exception {
    Path file = directory.resolve("notes").resolve(SITE + ".json");
    Files.writeString(file, "{\"next\":");
    assertThatThrownBy(() -> items.of(SITE))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "blog.example.com.json is no JSON. Put it back from a backup, or delete it: what was"
                + " saved for the site is then gone");
    assertThatThrownBy(() -> items.add(SITE, text("a"))).isInstanceOf(IOException.class);
    assertThat(Files.readString(file)).isEqualTo("{\"next\":");
  }

  private static JsonNode text(String value) {
    return JsonNodeFactory.instance.objectNode().put("text", value);
  }
}
