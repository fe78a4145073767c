package io.weir.reactive.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * In front of QUIC's codec in a socket's pipeline: knows when a turn of reading begins and ends. What is written to QUIC within one
 * goes out at its end, in packets that are full, and with one call of the system, where each write would have packets and a call of
 * its own otherwise; and when it is over QUIC has made of what came what there is, acknowledgements above all, of which it tells
 * nobody. Confined to the socket's loop.
 *
 * <pre>
 *   read, read, read --&gt; beforeEnd() --&gt; QUIC sends --&gt; afterNext()
 * </pre>
 *
 * <p>A turn in which much comes ends early, once something is to be written: the peer works on that while this side reads on. Otherwise
 * two sides of which each asks and answers as fast as it can would take turns, one of them always waiting for the other.
 */
final class ReadTurns extends ChannelInboundHandlerAdapter {

    /** Datagrams behind which a turn ends early: so many that what the end of a turn costs is little for each. */
    static final int MANY = 8;

    private final Deque<Runnable> before = new ArrayDeque<>();
    private List<Runnable> after = new ArrayList<>();
    private boolean reading;
    private int came;

    /** That of a socket; of one that QUIC uses no more one that nothing comes to. */
    static ReadTurns of(Channel socket) {
        ReadTurns known = socket.pipeline().get(ReadTurns.class);
        return known == null ? new ReadTurns() : known;
    }

    /** Runs that at the end of the turn that is under way, where writing costs least; false if none is. */
    boolean beforeEnd(Runnable task) {
        if (reading) {
            before.add(task);
        }
        return reading;
    }

    /** Runs that once, when the next turn is over; never if the socket is closed before. */
    void afterNext(Runnable task) {
        after.add(task);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        ctx.fireChannelRead(message);
        if (++came >= MANY && !before.isEmpty()) {
            end(ctx);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        end(ctx);
    }

    private void end(ChannelHandlerContext ctx) {
        for (Runnable task = before.poll(); task != null; task = before.poll()) {
            task.run();
        }
        reading = false;
        came = 0;
        ctx.fireChannelReadComplete();
        if (!after.isEmpty()) {
            List<Runnable> due = after;
            after = new ArrayList<>();
            due.forEach(Runnable::run);
        }
    }
}
