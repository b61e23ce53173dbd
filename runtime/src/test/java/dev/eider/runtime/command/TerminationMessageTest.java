package dev.eider.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminationMessageTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void isWholeWhereItFits() throws Exception {
    ObjectNode job = job(3);
    assertThat(JSON.readTree(TerminationMessage.fitting(job))).isEqualTo(job);
  }

  @Test
  void losesItsListsWhereItDoesNot() throws Exception {
    byte[] fitting = TerminationMessage.fitting(job(2_000));
    assertThat(fitting).hasSizeLessThanOrEqualTo(4096);
    assertThat(new String(fitting, StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"name":"retain","state":"succeeded","result":{"message":"400 rows went","rows":400,"shortened":true}}\
            """);
  }

  private static ObjectNode job(int sites) {
    ObjectNode job = JSON.createObjectNode().put("name", "retain").put("state", "succeeded");
    ObjectNode result = job.putObject("result").put("message", "400 rows went");
    for (int i = 0; i < sites; i++) {
      result.withArray("sites").addObject().put("site_id", "site-" + i);
    }
    result.put("rows", 400);
    return job;
  }
}
