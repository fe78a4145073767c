package io.weir.reactive.session.stream;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.StreamHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A declared handler of streams; the config is null where the opener's reliability and the defaults are to be used. */
public record DeclaredStream(
        StreamHandler handler, @Nullable StreamConfig config) {
    public DeclaredStream {
        Objects.requireNonNull(handler, "handler");
    }
}
