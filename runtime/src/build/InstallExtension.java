import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/**
 * Has DuckDB itself download one extension into a folder: the second way of {@code
 * runtime/extensions}. Run as a source file with duckdb_jdbc on the class path.
 */
final class InstallExtension {

  private InstallExtension() {}

  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    String folder = arguments[1];
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET extension_directory = '" + folder.replace("'", "''") + "'");
      statement.execute("INSTALL " + name);
    }
  }
}
