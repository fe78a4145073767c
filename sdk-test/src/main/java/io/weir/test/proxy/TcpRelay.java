package io.weir.test.proxy;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection through the proxy. On the event loop. */
final class TcpRelay {

    private final TcpImpairment proxy;
    private final SocketChannel client;
    private @Nullable SocketChannel target;
    private @Nullable TcpPipe there;
    private @Nullable TcpPipe back;
    private boolean connecting;
    private boolean over;

    TcpRelay(TcpImpairment proxy, SocketChannel client) {
        this.proxy = proxy;
        this.client = client;
    }

    /** Connects to the target as soon as packets pass both ways. */
    void connect() {
        if (over || connecting) {
            return;
        }
        long now = System.nanoTime();
        long outage = Math.max(
                proxy.direction(Way.TO_TARGET).outageNanos(now),
                proxy.direction(Way.TO_CLIENT).outageNanos(now));
        if (outage > 0) {
            if (outage < Long.MAX_VALUE) {
                proxy.loop().schedule(this::connect, outage, TimeUnit.NANOSECONDS);
            }
            return;
        }
        connecting = true;
        proxy.dial(new ChannelInboundHandlerAdapter()).connect().addListener((ChannelFutureListener) done -> {
            if (!done.isSuccess()) {
                reset();
            } else if (over) {
                abort((SocketChannel) done.channel());
            } else {
                join((SocketChannel) done.channel());
            }
        });
    }

    private void join(SocketChannel connected) {
        target = connected;
        TcpPipe out = new TcpPipe(this, proxy.direction(Way.TO_TARGET), client, connected);
        TcpPipe in = new TcpPipe(this, proxy.direction(Way.TO_CLIENT), connected, client);
        there = out;
        back = in;
        client.pipeline().addLast(out);
        connected.pipeline().addLast(in);
        out.pump();
        in.pump();
    }

    /** The other direction: what becomes writable for one pipe is read by the other. */
    @Nullable
    TcpPipe opposite(TcpPipe pipe) {
        return pipe == there ? back : there;
    }

    /** Something may pass again. */
    void resume() {
        if (there == null || back == null) {
            connect();
        } else {
            there.pump();
            back.pump();
        }
    }

    void halfClose(Way way) {
        TcpPipe pipe = way == Way.TO_TARGET ? there : back;
        if (pipe != null) {
            pipe.endHere();
        }
    }

    /** One direction has delivered its end. */
    void onEndDelivered() {
        if (there != null && back != null && there.isOver() && back.isOver()) {
            end();
            client.close();
            if (target != null) {
                target.close();
            }
        }
    }

    /** Resets both sides. */
    void reset() {
        if (!over) {
            end();
            abort(client);
            if (target != null) {
                abort(target);
            }
        }
    }

    boolean isOver() {
        return over;
    }

    private void end() {
        over = true;
        proxy.forget(this);
        if (there != null) {
            there.release();
        }
        if (back != null) {
            back.release();
        }
    }

    private static void abort(SocketChannel channel) {
        if (channel.isOpen()) {
            channel.config().setSoLinger(0);
            channel.close();
        }
    }
}
