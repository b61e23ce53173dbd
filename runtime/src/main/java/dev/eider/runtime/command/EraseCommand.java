package dev.eider.runtime.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code eider erase}. */
@Command(
    name = "erase",
    description = {
      "Erase rows from journal, lake and backups. All that is given has to hold for a row.",
      "Without a subject: finish erasures that were interrupted, and those whose rows came back.",
      "Nothing is erased without --execute."
    })
final class EraseCommand extends JobCommand {

  @Option(
      names = "--site",
      paramLabel = "ID",
      description = "A site's id, or a domain of it. Once or more.")
  private List<String> sites = List.of();

  @Option(
      names = "--visitor",
      paramLabel = "ID",
      description = "A visitor's id, as the site's /self tells it. Once or more.")
  private List<String> visitors = List.of();

  @Option(
      names = "--property",
      paramLabel = "NAME=VALUE",
      description = "A property's value that events carry.")
  private Map<String, String> property = Map.of();

  @Option(names = "--from", paramLabel = "DATE", description = "The first day.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "DATE", description = "The last day, which goes, too.")
  private @Nullable String to;

  @Option(
      names = "--filter",
      paramLabel = "NAME=VALUE",
      description = "Only such rows: page=/path, event=…, country=… Once or more.")
  private Map<String, String> filter = Map.of();

  @Option(
      names = "--backups",
      paramLabel = "MODE",
      description =
          "What becomes of backups that hold some: Rewrite (default) or Expire, which deletes"
              + " them.")
  private @Nullable String backups;

  @Option(
      names = "--subject",
      paramLabel = "FILE",
      description =
          "Or all of that as a JSON object, which no list of processes shows; - is standard input.")
  private @Nullable Path subject;

  EraseCommand() {
    super("erase");
  }

  @Override
  JsonNode subject() throws IOException {
    if (subject != null) {
      return new ObjectMapper()
          .readTree(
              subject.toString().equals("-")
                  ? System.in.readAllBytes()
                  : Files.readAllBytes(subject));
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "sites", sites);
    put(json, "visitorIds", visitors);
    if (property.size() > 1) {
      throw new CommandFailedException("give --property once");
    }
    property.forEach(
        (name, value) -> json.putObject("property").put("name", name).put("value", value));
    if (from != null) {
      json.put("from", from);
    }
    if (to != null) {
      json.put("to", to);
    }
    if (!filter.isEmpty()) {
      ObjectNode filters = json.putObject("filter");
      filter.forEach(filters::put);
    }
    if (backups != null) {
      json.put("backups", backups);
    }
    return json.isEmpty() ? MissingNode.getInstance() : json;
  }

  private static void put(ObjectNode json, String name, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = json.putArray(name);
      values.forEach(array::add);
    }
  }
}
