package io.weir.reactive.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;

/**
 * The front of a socket's pipeline: knows when something was read and QUIC has made of it what there is, acknowledgements above all, of
 * which it tells nobody by itself. Confined to the socket's loop.
 */
final class ReadTurns extends ChannelInboundHandlerAdapter {

    private List<Runnable> waiting = new ArrayList<>();

    private ReadTurns() {}

    /** That of a socket, which is put there when it is first asked for. */
    static ReadTurns of(Channel socket) {
        ReadTurns known = socket.pipeline().get(ReadTurns.class);
        if (known == null) {
            known = new ReadTurns();
            socket.pipeline().addFirst(known);
        }
        return known;
    }

    /** Runs that once, when the next turn of reading is over; never if the socket is closed before. */
    void add(Runnable task) {
        waiting.add(task);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (!waiting.isEmpty()) {
            List<Runnable> due = waiting;
            waiting = new ArrayList<>();
            due.forEach(Runnable::run);
        }
    }
}
