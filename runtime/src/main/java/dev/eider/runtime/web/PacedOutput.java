package dev.eider.runtime.web;

import io.helidon.webserver.CloseConnectionException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * An answer's body in pieces, each of which its client must have taken after a while: whoever stops
 * reading would else hold what the answer is made of for ever.
 */
final class PacedOutput extends FilterOutputStream {

  /** So little that also a slow line takes it in time. */
  private static final int PIECE = 16 << 10;

  private final SlowClients.Arrival client;
  private final Duration patience;

  PacedOutput(OutputStream out, SlowClients.Arrival client, Duration patience) {
    super(out);
    this.client = client;
    this.patience = patience;
  }

  /** What waits for the client. */
  @FunctionalInterface
  private interface Waiting {
    void run() throws IOException;
  }

  @Override
  public void write(int one) throws IOException {
    await(() -> out.write(one));
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    for (int at = from; at < from + length; at += PIECE) {
      int start = at;
      int piece = Math.min(PIECE, from + length - at);
      await(() -> out.write(bytes, start, piece));
    }
  }

  @Override
  public void flush() throws IOException {
    await(out::flush);
  }

  @Override
  public void close() throws IOException {
    await(out::close);
  }

  private void await(Waiting waiting) throws IOException {
    client.expectTaking(patience);
    boolean taken;
    try {
      waiting.run();
    } finally {
      taken = client.isTaken();
    }
    if (!taken) {
      throw new CloseConnectionException("the answer was not taken");
    }
  }
}
