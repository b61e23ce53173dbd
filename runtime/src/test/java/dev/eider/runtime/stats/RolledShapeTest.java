package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which questions sums of days answer, and which only rows do. */
class RolledShapeTest {

  private static final List<Goal> GOALS =
      List.of(new Goal.PageSeen("Visit /a", Goal.Matching.EQUALS, "/a"));

  @ParameterizedTest(name = "{0} by {1} of {2}: {3}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "'visitors','visits','bounce_rate';  ;  ; everything",
        "'pageviews'; 'time:day' ;  ; everything by DAY",
        "'visits'; 'time:month','visit:source' ;  ; SOURCE by MONTH",
        "'visits'; 'time:hour' ;  ; everything by HOUR",
        "'visitors','percentage'; 'time:hour' ;  ; everything by HOUR",
        "'visits'; 'time:hour','visit:source' ;  ; rows",
        "'visits'; 'time:hour'; ['is','visit:source',['a']] ; rows",
        "'visits'; 'time:minute','visit:source' ;  ; rows",
        "'visitors','percentage'; 'event:page' ;  ; PAGE",
        "'scroll_depth','time_on_page'; 'event:page' ;  ; PAGE",
        "'total_revenue'; 'visit:source' ;  ; SOURCE",
        "'exit_rate'; 'visit:exit_page' ;  ; EXIT_PAGE",
        "'exit_rate'; 'visit:exit_page' ; ['is','visit:exit_page',['/']] ; rows",
        "'transactions','purchase_rate','tax'; 'visit:source' ;  ; SOURCE",
        "'visits'; 'visit:source','visit:country' ;  ; rows",
        "'visits'; 'event:props:plan' ;  ; rows",
        "'visitors'; 'event:goal' ;  ; rows",
        "'visits'; 'visit:source' ; ['contains_not','visit:source',['a','b']] ; SOURCE",
        "'visits'; 'visit:source' ;"
            + " ['or',[['is','visit:source',['a']],['matches','visit:source',['b']]]] ; SOURCE",
        "'visits'; 'visit:source' ; ['is','visit:country',['DE']] ; rows",
        "'visits','percentage'; 'visit:source' ; ['is','visit:source',['a']] ; rows",
        "'visits'; 'visit:source' ; ['has_done',['is','event:name',['Buy']]] ; rows",
        "'visits'; 'visit:source' ; ['is','event:goal',['Visit /a']] ; rows",
        "'visits'; ; ['is','visit:source',['a']] ; one SOURCE",
        "'visits'; 'time:week' ; ['is','event:page',['/']] ; one PAGE by WEEK",
        "'visits'; ; ['is','visit:source',['a','b']] ; rows",
        "'visits'; ; ['is_not','visit:source',['a']] ; rows",
        "'visits'; ; ['contains','visit:source',['a']] ; rows",
        "'visits'; ; ['is','visit:source',['a'],{'case_sensitive':false}] ; rows",
        "'visits'; ; ['is','event:props:plan',['a']] ; rows",
      })
  void isTold(String metrics, String dimensions, String filter, String expected) {
    Query query =
        Query.parse(
            "{'site_id':'a','date_range':'7d','metrics':[%s],'dimensions':[%s],'filters':[%s]}"
                .formatted(metrics, text(dimensions), text(filter))
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8));
    assertThat(
            RolledShape.of(query, query.dimensions(), new Goals(GOALS).resolve(query.filters()))
                .map(RolledShapeTest::shown)
                .orElse("rows"))
        .isEqualTo(expected);
  }

  private static String shown(RolledShape shape) {
    return (shape.attribute().isPresent()
            ? (shape.grouped() ? "" : "one ") + shape.attribute().get()
            : "everything")
        + shape.unit().map(unit -> " by " + unit).orElse("");
  }

  private static String text(String given) {
    return given == null ? "" : given;
  }
}
