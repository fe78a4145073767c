package io.weir.samples.cli.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.samples.cli.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One peer as it is shown: who it is, where it is at, since when, and until when. Told by one thread at a time. */
final class PeerView {

    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();
    private static final int TENTHS_BELOW_SECONDS = 10;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3_600;
    private static final int HOURS_PER_DAY = 24;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

    private final String name;
    private @Nullable PeerId id;
    private PeerState state = new PeerState.Idle();
    private Instant since = Instant.EPOCH;
    private @Nullable Long untilNanos;
    private @Nullable PeerSession last;
    private int sessions;

    /** @param id who it is, if that is known before it is connected */
    PeerView(String name, @Nullable PeerId id) {
        this.name = name;
        this.id = id;
    }

    /** It is at that from now on, told by both clocks. */
    void become(PeerState next, long nowNanos, Instant now) {
        state = next;
        since = now;
        Instant until = untilOf(next);
        untilNanos =
                until == null ? null : nowNanos + Duration.between(now, until).toNanos();
        if (next instanceof PeerState.Ready ready && ready.session() != last) {
            last = ready.session();
            id = last.peer();
            sessions++;
        }
    }

    String name() {
        return name;
    }

    /** Its key, as far as it is known. */
    String key() {
        return id == null ? "" : id.toString();
    }

    /** When it came to that: the time of day, after a day the date too. */
    String since(Instant now, ZoneId zone) {
        boolean old = Duration.between(since, now).toHours() >= HOURS_PER_DAY;
        return (old ? DAY_AND_TIME : TIME).format(since.atZone(zone));
    }

    /** With the time to the next attempt and the last reason, where there are such. */
    String state(long nowNanos) {
        if (state instanceof PeerState.BackingOff waiting) {
            return "backing off" + left(nowNanos) + ": " + text(waiting.reason()) + ", " + waiting.attempt()
                    + " failed";
        } else if (state instanceof PeerState.AwaitingInbound) {
            return "awaited" + left(nowNanos);
        } else if (state instanceof PeerState.GaveUp gone) {
            return "gave up: " + text(gone.reason());
        } else if (state instanceof PeerState.Removed gone) {
            return "removed: " + text(gone.reason());
        }
        return word();
    }

    /** Where it is at in a word. */
    private String word() {
        return state.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** The same, and which session with this peer it is. */
    String standing(long nowNanos) {
        return state instanceof PeerState.Ready ? "ready: session " + sessions : state(nowNanos);
    }

    /** Of the session, in ms, if there is one. */
    String roundTrip() {
        return state instanceof PeerState.Ready ready ? String.format(Locale.ROOT, "%.3f ms", millis(ready)) : "";
    }

    private static double millis(PeerState.Ready ready) {
        return ready.session().roundTrip().toNanos() / 1e6;
    }

    /** All of it in one line, at the moment of the change. */
    String line(long nowNanos) {
        String said = name + " " + state(nowNanos);
        if (state instanceof PeerState.Ready ready) {
            PeerId peer = ready.session().peer();
            return said + ": session " + sessions + " with " + peer + ", " + roundTrip() + passedOver(ready);
        }
        return said;
    }

    /** Which addresses it would rather be connected by, and why it is not. */
    private static String passedOver(PeerState.Ready ready) {
        return ready.passedOver().stream()
                .map(passed -> ", not by " + passed.address().expecting(null) + ": " + text(passed.reason()))
                .collect(Collectors.joining());
    }

    /** The same for programs. */
    JsonObject json(long nowNanos) {
        JsonObject said = new JsonObject()
                .put("peer", name)
                .put("key", id == null ? null : id.toString())
                .put("state", word())
                .put("since", since.toString());
        Long until = untilNanos;
        if (until != null) {
            said.put("nextSeconds", Math.max(0, until - nowNanos) / (double) NANOS_PER_SECOND);
        }
        if (state instanceof PeerState.Ready ready) {
            said.put("session", sessions).put("roundTripMillis", millis(ready));
            if (!ready.passedOver().isEmpty()) {
                said.put("passedOver", passedOver(ready).substring(", ".length()));
            }
        } else if (state instanceof PeerState.BackingOff waiting) {
            said.put("reason", text(waiting.reason())).put("attempts", waiting.attempt());
        } else if (state instanceof PeerState.GaveUp gone) {
            said.put("reason", text(gone.reason()));
        }
        return said;
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
