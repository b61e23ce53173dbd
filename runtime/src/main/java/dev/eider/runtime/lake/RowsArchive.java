package dev.eider.runtime.lake;

import java.io.IOException;
import java.util.List;

/** Where rows are brought before retention deletes them. */
public interface RowsArchive {

  /**
   * Makes sure that all these rows are kept elsewhere, durably and as they are. Asked again about
   * rows that it has, it does nothing but look whether it still has them.
   *
   * @throws IOException when it is not sure: then none of them is deleted, and the message says why
   */
  Kept keep(GoingRows rows, Steps steps) throws IOException;

  /**
   * Lets go of what it has kept of a site for long enough.
   *
   * @return how many files went
   */
  int forget(String siteId) throws IOException;

  /**
   * What was done.
   *
   * @param rows rows that it has now, and that may go
   * @param written names of files that were written for them; the others were there already
   * @param bytes their size
   */
  record Kept(long rows, List<String> written, long bytes) {

    public Kept {
      written = List.copyOf(written);
    }
  }
}
