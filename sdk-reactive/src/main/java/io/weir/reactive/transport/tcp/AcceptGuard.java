package io.weir.reactive.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a failed accept costs a listening channel. Most failures concern one stranger's connection, which is gone
 * (aborted, or refused by a firewall), and must not hold up those behind it; so the first {@link #FREE_FAILURES} in a row
 * cost nothing. Failures that go on concern this process (no file descriptor left), and the connection that cannot be
 * accepted stays ready: trying at once would spin. So each further one pauses accepting, from
 * {@link #SHORTEST_PAUSE_MILLIS} on for twice as long as the one before, up to {@link #LONGEST_PAUSE_MILLIS}. A
 * connection accepted ends the row.
 *
 * <p>It stands before Reactor Netty's acceptor, which would pause for a second after every failure.
 *
 * <p>Confined to the channel's event loop.
 */
final class AcceptGuard extends ChannelInboundHandlerAdapter {

    static final int FREE_FAILURES = 16;
    static final long SHORTEST_PAUSE_MILLIS = 1;
    static final long LONGEST_PAUSE_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(AcceptGuard.class);

    private final Runnable resume;

    private int failuresInRow;
    private long pauseMillis = SHORTEST_PAUSE_MILLIS;
    private boolean paused;

    private AcceptGuard(Channel channel) {
        // Made now: loading a class may take a file descriptor, and there may be none when this is needed.
        resume = () -> {
            paused = false;
            channel.config().setAutoRead(true);
        };
    }

    /** Puts a guard before everything else in the pipeline of a listening channel. Any thread. */
    static void install(Channel listening) {
        listening.pipeline().addFirst("weir.accept", new AcceptGuard(listening));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        failuresInRow = 0;
        pauseMillis = SHORTEST_PAUSE_MILLIS;
        ctx.fireChannelRead(accepted);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (failuresInRow < FREE_FAILURES) {
            failuresInRow++;
            LOG.debug("{} failed to accept a connection", ctx.channel(), cause);
        } else if (!paused) {
            pause(ctx.channel(), cause);
        }
    }

    private void pause(Channel channel, Throwable cause) {
        if (pauseMillis == SHORTEST_PAUSE_MILLIS) {
            LOG.warn("{} cannot accept connections; it goes on trying", channel, cause);
        }
        paused = true;
        channel.config().setAutoRead(false);
        channel.eventLoop().schedule(resume, pauseMillis, TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
}
