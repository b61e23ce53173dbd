import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes down where the JDK is that this build found, for scripts that need it: {@code java
 * JavaHome.java FILE}. Maven tells it to nobody but its own plugins.
 */
final class JavaHome {
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Files.createDirectories(file.getParent());
    Files.writeString(file, System.getProperty("java.home") + "\n");
  }
}
