package io.weir.reactive.session.loop;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.FrameOrder;
import io.weir.core.wire.Hello;
import io.weir.reactive.HandlerError;
import io.weir.reactive.Interaction;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.PeerSession;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.stats.RequestCounts;
import io.weir.reactive.transport.HalfLane;
import io.weir.reactive.transport.Path;
import io.weir.reactive.transport.SessionLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.util.context.Context;

/**
 * All that the parts of a session know of it: where and when they run, what the two sides have agreed, and whom to tell of
 * what goes wrong. The parts never see the session itself, so that each can be read, and tested, without it. Its text names
 * the session. Any thread, but for what says otherwise.
 */
public interface SessionContext extends Fault.Listener {

    /** The session as its users see it. */
    PeerSession peerSession();

    // ---- where and when

    /** The loop that the session is confined to. */
    SessionLoop loop();

    /** The session's deadlines. Loop only. */
    SessionTimers timers();

    /** The time of the current record or timer: good enough for activity, and free. Loop only. */
    long tickNanos();

    /** The time of the record that is being dealt with, if one is, or else the time now. Loop only. */
    long turnNanos();

    /** The time now, by the loop's clock. */
    default long nowNanos() {
        return loop().nowNanos();
    }

    default boolean inLoop() {
        return loop().inLoop();
    }

    /** Runs at once when on the loop, else soon. */
    default void run(Runnable task) {
        LoopCalls.run(loop(), task);
    }

    /** Runs soon on the loop. */
    default void execute(Runnable task) {
        LoopCalls.execute(loop(), task);
    }

    /** Runs the task on the loop after so long, also when the session has ended meanwhile, unless disposed. */
    default Disposable later(Duration delay, Runnable task) {
        try {
            return loop().schedule(task, loop().nowNanos() + delay.toNanos());
        } catch (RejectedExecutionException shutDown) {
            task.run();
            return Disposables.disposed();
        }
    }

    // ---- what holds

    /** The limits of this node. */
    NodeLimits limits();

    /** Random number of this run of the node, told to nobody: spreads the numbers that peers choose. */
    long hashSeed();

    /** What the carrier promises of the order of frames. */
    FrameOrder order();

    /** What the way to the peer is like. */
    Path path();

    /** What the peer has announced; the defaults before. */
    Hello peerHello();

    /** The round trip, smoothed. */
    long rttNanos();

    /** Whether the link takes more now. Loop only. */
    boolean linkTakesMore();

    /** How long the link has taken nothing although there was more to send, in all until now, as far as it is known. */
    long linkBlockedNanos(long nowNanos);

    /** Whether streams and messages are written and dispatched. */
    boolean isOpen();

    /** Why the session is ending or has ended; null while it lives. */
    @Nullable
    CloseReason closeReason();

    /** The same, also where this side has asked for the end and the loop does not know yet. */
    @Nullable
    CloseReason endReason();

    /** When the session became ready, by the wall clock; before that, when it was made. */
    Instant readySince();

    // ---- whom to tell

    /** Whom to tell what the session does; null, as mostly, for nobody. To be called on the loop. */
    @Nullable
    NodeObserver observer();

    /** Something of a stream or message was written, or has come, that leaves no trace of being in use. Loop only. */
    void used();

    /** Where the node counts requests. */
    RequestCounts counts();

    /** Something that the peer began is turned away before a handler saw it: counts it, and tells the observer. Loop only. */
    default void refused(Interaction.Kind what, ErrorCode why) {
        counts().refused(what, why);
        NodeObserver observer = observer();
        if (observer != null) {
            observer.onRefused(peerSession(), what, why);
        }
    }

    /** There may be something to write, other than elements. Loop only. */
    void wake();

    /** This half may have elements to write. Loop only. */
    void wake(HalfLane half);

    /** This half has ended. Loop only. */
    void forget(HalfLane half);

    /** Something that a drain waits for may be over. Loop only. */
    void checkDrain();

    /**
     * A read-only view of a payload: of the current record where that has an array of its own or {@code kept} is false, of a
     * copy or of another array otherwise. Loop only.
     *
     * @param kept whether anything may refer to the view after the record has been dealt with
     */
    ByteBuffer view(byte[] array, int offset, int length, boolean kept);

    /** A handler for what the peer began has failed. */
    void handlerFailed(HandlerError.Kind kind, String name, Throwable e);

    /**
     * User code threw where nobody can be told of it: reported, and a fatal error ends the session and is then thrown on
     * ({@link Fault}).
     */
    @Override
    void thrown(Throwable e, Context context);

    /** User code threw in a call of a user's, who gets what it threw; a fatal error ends the session too. */
    void thrownToCaller(Throwable e);

    /** Something threw where it must not: the session ends, the node goes on. Loop only. */
    void onDefect(Throwable defect);
}
