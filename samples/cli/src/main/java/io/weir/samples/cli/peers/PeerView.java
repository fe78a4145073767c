package io.weir.samples.cli.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One peer as it is shown: where it is at, since when, and until when. Told by one thread at a time. */
final class PeerView {

    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();
    private static final int TENTHS_BELOW_SECONDS = 10;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3_600;

    private final String name;
    private PeerState state = new PeerState.Idle();
    private long sinceNanos;
    private @Nullable Long untilNanos;
    private @Nullable PeerSession last;
    private int sessions;

    PeerView(String name) {
        this.name = name;
    }

    /** It is at that from now on, told by both clocks. */
    void become(PeerState next, long nowNanos, Instant now) {
        state = next;
        sinceNanos = nowNanos;
        Instant until = untilOf(next);
        untilNanos =
                until == null ? null : nowNanos + Duration.between(now, until).toNanos();
        if (next instanceof PeerState.Ready ready && ready.session() != last) {
            last = ready.session();
            sessions++;
        }
    }

    String name() {
        return name;
    }

    /** With the time to the next attempt and the last reason, where there are such. */
    String state(long nowNanos) {
        if (state instanceof PeerState.BackingOff waiting) {
            return "backing off" + left(nowNanos) + ": " + text(waiting.reason());
        } else if (state instanceof PeerState.AwaitingInbound) {
            return "awaited" + left(nowNanos);
        } else if (state instanceof PeerState.GaveUp gone) {
            return "gave up: " + text(gone.reason());
        } else if (state instanceof PeerState.Removed gone) {
            return "removed: " + text(gone.reason());
        }
        return state.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** How long the session has lived and which one with this peer it is, or how many attempts have failed. */
    String standing(long nowNanos) {
        if (state instanceof PeerState.Ready) {
            return "session " + sessions + " for " + span(nowNanos - sinceNanos);
        }
        return state instanceof PeerState.BackingOff waiting ? waiting.attempt() + " failed" : "";
    }

    /** Of the session, in ms, if there is one. */
    String roundTrip() {
        return state instanceof PeerState.Ready ready
                ? String.format(
                        Locale.ROOT, "%.3f ms", ready.session().roundTrip().toNanos() / 1e6)
                : "";
    }

    /** All of it in one line, at the moment of the change. */
    String line(long nowNanos) {
        String said = name + " " + state(nowNanos);
        if (state instanceof PeerState.Ready ready) {
            PeerId peer = ready.session().peer();
            return said + ": session " + sessions + " with " + peer + ", " + roundTrip();
        }
        return state instanceof PeerState.BackingOff ? said + ", " + standing(nowNanos) : said;
    }

    private String left(long nowNanos) {
        return untilNanos == null ? "" : " " + span(Math.max(0, untilNanos - nowNanos));
    }

    private static @Nullable Instant untilOf(PeerState state) {
        if (state instanceof PeerState.BackingOff waiting) {
            return waiting.until();
        }
        return state instanceof PeerState.AwaitingInbound awaited ? awaited.until() : null;
    }

    private static String text(CloseReason reason) {
        ErrorCode code = reason.error();
        return code == ErrorCode.UNKNOWN ? "UNKNOWN 0x" + Long.toHexString(reason.code()) : code.name();
    }

    /** For example {@code 3.2 s}, {@code 12 s}, {@code 2:05} or {@code 1:02:05}. */
    static String span(long nanos) {
        long seconds = nanos / NANOS_PER_SECOND;
        if (seconds < TENTHS_BELOW_SECONDS) {
            return String.format(Locale.ROOT, "%d.%d s", seconds, nanos % NANOS_PER_SECOND / (NANOS_PER_SECOND / 10));
        } else if (seconds < SECONDS_PER_MINUTE) {
            return seconds + " s";
        }
        long minutes = seconds % SECONDS_PER_HOUR / SECONDS_PER_MINUTE;
        return seconds < SECONDS_PER_HOUR
                ? String.format(Locale.ROOT, "%d:%02d", minutes, seconds % SECONDS_PER_MINUTE)
                : String.format(
                        Locale.ROOT, "%d:%02d:%02d", seconds / SECONDS_PER_HOUR, minutes, seconds % SECONDS_PER_MINUTE);
    }
}
