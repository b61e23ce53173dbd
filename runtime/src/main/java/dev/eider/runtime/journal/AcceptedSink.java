package dev.eider.runtime.journal;

import java.util.List;

/** Where accepted events go before their senders are answered. */
@FunctionalInterface
public interface AcceptedSink {

  /**
   * Takes a batch; batches come one at a time and in order of seq. The senders wait meanwhile, so
   * this should only touch memory. Throwing closes the journal for ever: its events are durable,
   * and only a restart, which replays them, can bring them in.
   *
   * @param batch not empty, not to be changed
   */
  void accept(List<Accepted> batch);
}
