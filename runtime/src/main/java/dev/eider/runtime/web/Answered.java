package dev.eider.runtime.web;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An answer.
 *
 * @param again whether it was given before
 */
public record Answered(JsonNode answer, boolean again) {}
