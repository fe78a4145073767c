package io.weir.reactive.transport.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.weir.reactive.transport.SessionLoop;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;

/** A {@link SessionLoop} that is a Netty event loop. */
public final class NettyLoop implements SessionLoop {

    private final EventLoop eventLoop;

    private NettyLoop(EventLoop eventLoop) {
        this.eventLoop = Objects.requireNonNull(eventLoop, "eventLoop");
    }

    /** That event loop as a loop of sessions. */
    public static SessionLoop of(EventLoop eventLoop) {
        return new NettyLoop(eventLoop);
    }

    @Override
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    @Override
    public Disposable schedule(Runnable task, long atNanos) {
        long delayNanos = Math.max(0, atNanos - nowNanos());
        Future<?> future = eventLoop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return new Disposable() {
            @Override
            public void dispose() {
                future.cancel(false);
            }

            @Override
            public boolean isDisposed() {
                return future.isDone();
            }
        };
    }

    @Override
    public long nowNanos() {
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public String toString() {
        return "SessionLoop on " + eventLoop;
    }
}
