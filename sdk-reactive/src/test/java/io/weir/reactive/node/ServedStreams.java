package io.weir.reactive.node;

import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.codec.Codec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Streams that a node under test serves: {@code echo} gives back what it gets, {@code sink} consumes, {@code stall}
 * neither consumes nor sends, {@code source} sends {@link #SOURCE_ELEMENTS} elements of 100 bytes.
 */
public final class ServedStreams {

    public static final int SOURCE_ELEMENTS = 20_000;

    private ServedStreams() {}

    /** The spec, with the handlers of all of them. */
    public static PeerNodeSpec on(PeerNodeSpec spec) {
        return spec.onStream("echo", stream -> stream.send(stream.receive(Codec.bytes()), Codec.bytes()))
                .onStream("sink", stream -> stream.receive(Codec.bytes()).then())
                .onStream("stall", stream -> Mono.never())
                .onStream(
                        "source",
                        stream -> stream.send(Flux.range(0, SOURCE_ELEMENTS).map(i -> new byte[100]), Codec.bytes()));
    }
}
