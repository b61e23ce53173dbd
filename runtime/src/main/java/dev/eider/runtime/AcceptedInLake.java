package dev.eider.runtime;

import dev.eider.runtime.collect.AcceptedBefore;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.LakeView;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** What the journal and the lake have of the last day, so that a repeated event is told. */
final class AcceptedInLake implements AcceptedBefore {

  private final Lake lake;

  AcceptedInLake(Lake lake) {
    this.lake = lake;
  }

  @Override
  public void read(String siteId, Instant since, Sink into) throws SQLException {
    try (LakeView view = lake.view(siteId);
        PreparedStatement select =
            view.connection()
                .prepareStatement(
                    """
                    SELECT event_id, event_name, coalesce(transaction_id, ''), received_at
                    FROM %s
                    WHERE received_at >= ? AND NOT coalesce(is_duplicate, false)
                      AND (substr(event_id::VARCHAR, 20, 4) <> '%s'
                        OR event_type = 'transaction' AND transaction_id IS NOT NULL)\
                    """
                        .formatted(view.events(), OUR_MARK))) {
      // Rounded times may be up to an hour older than the events.
      select.setObject(1, LocalDateTime.ofInstant(since.minusSeconds(3600), ZoneOffset.UTC));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Timestamp receivedAt = rows.getTimestamp(4);
          into.take(
              (UUID) rows.getObject(1),
              rows.getString(2),
              rows.getString(3),
              receivedAt.toLocalDateTime().toInstant(ZoneOffset.UTC));
        }
      }
    }
  }
}
