package dev.eider.runtime;

import dev.eider.runtime.config.EngineSettings;
import dev.eider.runtime.config.RuntimeSettings;
import dev.eider.runtime.web.WebSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a runtime is started with.
 *
 * @param sites directory of manifests
 * @param data directory of everything that is kept
 * @param extensions directory of DuckDB's extensions
 * @param web how it listens
 * @param adminToken the token itself, as from the environment
 * @param adminTokenFile where the token is, when it is not given; empty: made once in the data
 *     directory
 * @param keys directory of the sites' keys; empty: made once in the data directory
 * @param engine how much DuckDB may take
 * @param overrides flags, which win over what sites ask of their runtime
 */
public record RuntimeOptions(
    Path sites,
    Path data,
    Path extensions,
    WebSettings web,
    Optional<String> adminToken,
    Optional<Path> adminTokenFile,
    Optional<Path> keys,
    EngineSettings engine,
    UnaryOperator<RuntimeSettings> overrides) {}
