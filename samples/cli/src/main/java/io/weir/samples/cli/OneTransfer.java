package io.weir.samples.cli;

import io.weir.reactive.PeerSession;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * When {@code receive --once} is over: as soon as one session's files are all settled, or it is lost before. A file belongs to
 * the session it comes over, which tells with each how many there are. Any thread.
 */
final class OneTransfer {

    private final Sinks.One<Integer> end = Sinks.one();
    private final Map<PeerSession, Count> sessions = new HashMap<>();

    /** Of one session. */
    private static final class Count {
        private final long entries;
        private long begun;
        private long settled;
        private boolean failed;
        private boolean lost;

        Count(long entries) {
            this.entries = entries;
        }

        boolean isOver() {
            return settled >= entries || lost && begun == settled;
        }

        int exitCode() {
            return failed || settled < entries ? ExitCode.FAILED : ExitCode.OK;
        }
    }

    /** A file is offered, one of so many. */
    synchronized void begins(PeerSession session, long entries) {
        Count count = sessions.get(session);
        if (count == null) {
            count = new Count(entries);
            sessions.put(session, count);
            session.onClose().subscribe(reason -> lost(session));
        }
        count.begun++;
    }

    /** One that was offered has come, or has not. */
    synchronized void settled(PeerSession session, boolean well) {
        Count count = sessions.get(session);
        if (count != null) {
            count.settled++;
            count.failed |= !well;
            check(session, count);
        }
    }

    /** Something else than an offer came. */
    void failed() {
        end.tryEmitValue(ExitCode.FAILED);
    }

    /** Results cannot be told any more. */
    void failed(CommandException failure) {
        end.tryEmitError(failure);
    }

    /** The exit code, when it is over. */
    Mono<Integer> end() {
        return end.asMono();
    }

    private synchronized void lost(PeerSession session) {
        Count count = sessions.get(session);
        if (count != null) {
            count.lost = true;
            check(session, count);
        }
    }

    private void check(PeerSession session, Count count) {
        if (count.isOver()) {
            sessions.remove(session);
            end.tryEmitValue(count.exitCode());
        }
    }
}
