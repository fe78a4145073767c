package io.weir.reactive.transport.quic;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.weir.reactive.transport.netty.SocketOptions;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears while a connection is dialled that nothing gets there: nobody has the port, or there is no way to the host. Linux tells that a socket
 * which asks for it, by the error of a later call: of what comes back by ICMP, and at once where this machine itself has no route.
 * In front of the codec in the pipeline of a socket from which one connection is dialled. Without epoll nothing is heard. Confined to the
 * socket's loop.
 */
final class Unreachable extends ChannelDuplexHandler {

    // Linux: options, and errors, as Netty tells them
    private static final IntegerUnixChannelOption IP_RECVERR = new IntegerUnixChannelOption("IP_RECVERR", 0, 11);
    private static final IntegerUnixChannelOption IPV6_RECVERR = new IntegerUnixChannelOption("IPV6_RECVERR", 41, 25);
    private static final int ENETUNREACH = -101;
    private static final int ECONNREFUSED = -111;
    private static final int EHOSTUNREACH = -113;

    private final DatagramChannel socket;
    private final Consumer<? super IOException> onUnreachable;

    /** @param onUnreachable told each time, in the system's words, until {@link #stop} */
    Unreachable(DatagramChannel socket, Consumer<? super IOException> onUnreachable) {
        this.socket = socket;
        this.onUnreachable = onUnreachable;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        set(1);
    }

    /** The peer has answered: what is told from now on costs nothing, not even memory of the system's. */
    void stop() {
        set(0);
        socket.pipeline().remove(this);
    }

    private void set(int heard) {
        if (socket instanceof EpollDatagramChannel) {
            SocketOptions.trySet(socket, IP_RECVERR, heard);
            SocketOptions.trySet(socket, IPV6_RECVERR, heard);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        hear(cause);
        ctx.fireExceptionCaught(cause);
    }

    /** A write may be the call that is told, of one before. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message, promise.unvoid().addListener(done -> hear(done.cause())));
    }

    private void hear(@Nullable Throwable cause) {
        if (cause instanceof Errors.NativeIoException failed && tells(failed.expectedErr())) {
            onUnreachable.accept(failed);
        }
    }

    private static boolean tells(int error) {
        return error == ENETUNREACH || error == ECONNREFUSED || error == EHOSTUNREACH;
    }
}
