package io.weir.reactive.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What all links have in common, for authors of transports: the reading side, the pull of records under writability,
 * and the order of the last signals. A subclass moves bytes and reports what happened.
 *
 * <p>Serialisation: all state is confined to the loop. Losses reported while the link itself is being called are
 * delivered by a later task, so that a caller of {@link #send} or {@link #close} never meets a signal half-way.
 */
public abstract class AbstractLink implements Link {

    private final SessionLoop loop;

    @SuppressWarnings("this-escape") // only kept there until the first subscriber comes
    private final LinkInbound inbound = new LinkInbound(this);

    private final Sinks.Empty<Void> closed = Sinks.empty();

    private final BlockedTime blocked = new BlockedTime();
    private long blockedSinceNanos;

    private @Nullable LinkSender sender;

    /** Why the link ended; null while it lives. */
    private @Nullable IOException end;

    protected AbstractLink(SessionLoop loop) {
        this.loop = Objects.requireNonNull(loop, "loop");
    }

    // What a subclass does. Every call comes on the loop, and none after release().

    /** Starts reading; chunks are reported to {@link #received}, but not inside this call. Called once. */
    protected abstract void startReading();

    /** Takes over the buffer's remaining bytes before it returns. May hold them back until {@link #flush()}. */
    protected abstract void write(ByteBuffer record);

    /** Pushes out what was written. */
    protected abstract void flush();

    /** Flushes, and runs a task on the loop once everything written has left user space; never if the link ends. */
    protected abstract void flushThen(Runnable whenFlushed);

    /** Ends the output behind what was written. Called once. */
    protected abstract void endOutput();

    /** Closes at once; {@link #released()} must follow as another task. Called once. */
    protected abstract void release();

    // What a subclass reports, on the loop.

    /** The peer's next bytes. */
    protected final void received(ByteBuffer chunk) {
        inbound.next(chunk);
    }

    /** The peer has ended its output. */
    protected final void inputEnded() {
        if (end == null) {
            inbound.complete();
        }
    }

    /** {@link #writable()} has become true. */
    protected final void becameWritable() {
        LinkSender current = sender;
        if (current != null) {
            current.drain();
        }
    }

    /** The link broke. The first cause counts. */
    protected final void lost(IOException cause) {
        if (end == null) {
            end = cause;
            later(this::terminate);
            release();
        }
    }

    /** The link holds nothing any more. */
    protected final void released() {
        if (end == null) {
            end = new ClosedChannelException();
        }
        terminate();
        closed.tryEmitEmpty();
    }

    /** Whether the link has been closed or lost, here. */
    protected final boolean isEnded() {
        return end != null;
    }

    @Override
    public final SessionLoop loop() {
        return loop;
    }

    @Override
    public final Flux<ByteBuffer> inbound() {
        return inbound;
    }

    @Override
    public final Mono<Void> send(Publisher<ByteBuffer> records) {
        return new MonoSend(this, Objects.requireNonNull(records, "records"));
    }

    @Override
    public final boolean isBlocked() {
        return blocked.isBlocked();
    }

    @Override
    public final long blockedNanos(long nowNanos) {
        return blocked.nanos(nowNanos);
    }

    @Override
    public final long stalledNanos(long nowNanos) {
        return blocked.isBlocked() ? nowNanos - blockedSinceNanos : 0;
    }

    @Override
    public final void closeOutput() {
        onLoop(() -> {
            if (end == null) {
                endOutput();
            }
        });
    }

    @Override
    public final void close() {
        onLoop(() -> lost(new ClosedChannelException()));
    }

    @Override
    public final Mono<Void> onClose() {
        return closed.asMono();
    }

    // For the two halves.

    /** Now if the caller is on the loop, else as a task. */
    final void onLoop(Runnable task) {
        if (loop.inLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    final void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // A loop that was shut down has closed its links before: nothing is left to do or to tell.
        }
    }

    /** There may be more to send, and the link takes it, or takes nothing. */
    final void takes(boolean something) {
        if (something == blocked.isBlocked()) {
            if (something) {
                blocked.end(loop.nowNanos());
            } else {
                blockedSinceNanos = loop.nowNanos();
                blocked.begin(blockedSinceNanos);
            }
        }
    }

    final @Nullable IOException end() {
        return end;
    }

    /** Makes this the one send in progress, unless there is another one. */
    final boolean occupy(LinkSender candidate) {
        if (sender != null) {
            return false;
        }
        sender = candidate;
        return true;
    }

    final void vacate(LinkSender leaving) {
        if (sender == leaving) {
            sender = null;
        }
    }

    private void terminate() {
        IOException cause = Objects.requireNonNull(end);
        inbound.fail(cause);
        LinkSender current = sender;
        if (current != null) {
            current.fail(cause);
        }
    }
}
