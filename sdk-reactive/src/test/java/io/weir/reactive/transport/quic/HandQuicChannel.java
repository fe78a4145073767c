package io.weir.reactive.transport.quic;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.quic.QuicChannel;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** A connection of QUIC without QUIC: it ends with a channel of the test's, and remembers how it was closed. */
final class HandQuicChannel {

    /** What each call of close has said: of an application or not, and the code. */
    final List<String> closed = new ArrayList<>();

    final QuicChannel channel;

    HandQuicChannel(EmbeddedChannel base) {
        channel = (QuicChannel) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {QuicChannel.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "eventLoop" -> base.eventLoop();
                    case "closeFuture" -> base.closeFuture();
                    case "pipeline" -> base.pipeline();
                    case "isActive" -> false;
                    case "close" -> {
                        closed.add(arguments[0] + " " + arguments[1]);
                        yield null;
                    }
                    default -> null;
                });
    }
}
