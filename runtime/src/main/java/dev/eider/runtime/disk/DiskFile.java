package dev.eider.runtime.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file that is only ever appended to or cut. One thread at a time. */
public interface DiskFile extends AutoCloseable {

  /** Appends all that remains in the buffers, in order. */
  void append(ByteBuffer... buffers) throws IOException;

  /** Forces all bytes written so far, and the length, down to the medium. */
  void force() throws IOException;

  /** Cuts the file to {@code size} bytes. */
  void truncate(long size) throws IOException;

  /** Length in bytes. */
  long size() throws IOException;

  @Override
  void close() throws IOException;
}
