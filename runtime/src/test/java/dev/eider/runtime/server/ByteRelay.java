package dev.eider.runtime.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * One connection of which only bytes are known; faults strike at any time, not only at its start.
 */
final class ByteRelay {

  private static final int BUFFER = 16 * 1024;

  private final FaultProxy proxy;
  private final Socket client;
  private final Socket upstream;
  private volatile boolean swallowing;

  private ByteRelay(FaultProxy proxy, Socket client, Socket upstream) {
    this.proxy = proxy;
    this.client = client;
    this.upstream = upstream;
  }

  static void run(FaultProxy proxy, Socket client, InetSocketAddress server) throws IOException {
    proxy.note(S3Call.CONNECTION);
    Socket upstream = proxy.keep(new Socket(server.getAddress(), server.getPort()));
    ByteRelay relay = new ByteRelay(proxy, client, upstream);
    Thread back = Thread.ofVirtual().start(relay::answers);
    try {
      relay.requests();
    } finally {
      proxy.reset(upstream);
      back.interrupt();
    }
  }

  private void requests() throws IOException {
    InputStream in = client.getInputStream();
    OutputStream out = upstream.getOutputStream();
    byte[] buffer = new byte[BUFFER];
    long sent = 0;
    while (true) {
      int read = in.read(buffer);
      if (read < 0) {
        return;
      }
      switch (proxy.effect()) {
        case Fault.Hang hang -> {
          proxy.hang(hang);
          return;
        }
        case Fault.Cut(long afterBytes) -> {
          sent += read;
          if (sent > afterBytes) {
            return;
          }
        }
        case Fault.Slow(int bytesPerSecond) -> new Pace(bytesPerSecond).after(read);
        case Fault.CutBefore(String text) -> {
          if (isStruck(text, buffer, read)) {
            return;
          }
        }
        case Fault.LoseAnswer(String text) -> swallowing = isStruck(text, buffer, read);
        default -> {
          // Goes through.
        }
      }
      out.write(buffer, 0, read);
    }
  }

  private boolean isStruck(String text, byte[] sent, int length) {
    return new String(sent, 0, length, ISO_8859_1).contains(text)
        && !(proxy.strike(S3Call.CONNECTION) instanceof Fault.Pass);
  }

  private void answers() {
    try {
      InputStream in = upstream.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      int read;
      while ((read = in.read(buffer)) >= 0 && !swallowing) {
        switch (proxy.effect()) {
          case Fault.Hang hang -> {
            proxy.hang(hang);
            return;
          }
          case Fault.Slow(int bytesPerSecond) -> new Pace(bytesPerSecond).after(read);
          default -> {
            // Goes through.
          }
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // One side has gone: so does the other.
    } finally {
      proxy.reset(client);
    }
  }
}
