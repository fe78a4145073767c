package io.weir.reactive.transport.udp;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.netty.GrantedBuffers;
import io.weir.reactive.transport.netty.NettyLoops;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Binds sockets. Thread safe. */
final class UdpSockets {

    private static final Logger LOG = LoggerFactory.getLogger(UdpSockets.class);

    private final NettyLoops loops;
    private final UdpOptions options;
    private final Scopes scopes;
    private final boolean offload;
    private final GrantedBuffers granted = new GrantedBuffers(LOG);

    /** {@code offload} false, for tests, neither cuts batches apart nor receives them joined, as on other systems. */
    UdpSockets(NettyLoops loops, UdpOptions options, Scopes scopes, boolean offload) {
        this.loops = loops;
        this.options = options;
        this.scopes = scopes;
        this.offload = offload;
    }

    /**
     * Cold: a socket bound at that address, emitted on that loop, one of this' loops. Fails with the system's exception.
     * Cancelling, early or late, leaves no socket behind.
     */
    Mono<UdpSocket> bind(EventLoop loop, InetSocketAddress at) {
        return bind(loop, at, false);
    }

    /**
     * Cold: another socket where that one is. Linux lets a socket allow it when it is bound already, so the first of them, which did not
     * when it was bound, has met whoever else is there.
     */
    Mono<UdpSocket> join(UdpSocket first, EventLoop loop) {
        return Mono.defer(() -> {
            first.share();
            return bind(loop, (InetSocketAddress) first.localAddress(), true);
        });
    }

    private Mono<UdpSocket> bind(EventLoop loop, InetSocketAddress at, boolean joins) {
        return Mono.create(sink -> {
            DatagramChannel channel = loops.onChannel(DatagramChannel.class, loop);
            try {
                UdpChannels.prepare(channel, options, offload);
                if (joins) {
                    UdpChannels.share(channel);
                }
            } catch (ChannelException e) {
                channel.unsafe().closeForcibly(); // it has no loop yet
                throw e;
            }
            loop.register(channel).addListener(registered -> {
                if (registered.isSuccess()) {
                    bind(channel, at, sink);
                } else {
                    fail(channel, registered.cause(), sink);
                }
            });
            sink.onCancel(channel::close);
        });
    }

    private void bind(DatagramChannel channel, InetSocketAddress at, MonoSink<UdpSocket> sink) {
        channel.bind(at).addListener(bound -> {
            if (bound.isSuccess()) {
                int perBatch = offload && UdpChannels.cutsApart(channel) ? options.datagramsPerSend() : 1;
                granted.check(channel, options.receiveBufferBytes(), options.sendBufferBytes());
                sink.success(UdpSocket.of(channel, scopes, perBatch));
            } else {
                fail(channel, bound.cause(), sink);
            }
        });
    }

    private static void fail(DatagramChannel channel, Throwable cause, MonoSink<UdpSocket> sink) {
        channel.close().addListener(closed -> sink.error(cause));
    }
}
