package dev.eider.runtime.collect;

import dev.eider.runtime.event.Device;

/**
 * What a user agent's text says.
 *
 * @param device browser, system and kind of device; no screen size
 * @param botRule the rule that takes it for a machine, or empty
 */
record Agent(Device device, String botRule) {}
