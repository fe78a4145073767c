package io.weir.core.peer;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which address of a name is tried when, while its addresses are still coming in (RFC 8305, Happy Eyeballs). The families
 * take turns, IPv6 first; within one its order stays. An attempt has {@link #ATTEMPT_DELAY_NANOS} for itself before the
 * next begins beside it; when one fails, the next begins at once. IPv4 addresses that come first wait
 * {@link #RESOLUTION_DELAY_NANOS} for the others.
 *
 * <p>An address that comes twice is tried once, and no more than {@link #MAX_ADDRESSES} are tried at all.
 *
 * <p>Deterministic, loop-confined. Times are nanoseconds of one monotonic clock.
 *
 * @param <A> an address, by its {@code equals}
 */
public final class AddressRace<A> {

    /** "Connection Attempt Delay" (RFC 8305 section 8). */
    public static final long ATTEMPT_DELAY_NANOS = 250_000_000L;

    /** "Resolution Delay" (RFC 8305 section 8). */
    public static final long RESOLUTION_DELAY_NANOS = 50_000_000L;

    /** Further addresses of a name are left out. */
    public static final int MAX_ADDRESSES = 16;

    private final Map<AddressFamily, Queue<A>> waiting = new EnumMap<>(AddressFamily.class);
    private final Set<AddressFamily> unresolved = EnumSet.allOf(AddressFamily.class);
    private final Set<A> known = new HashSet<>();
    private AddressFamily turn = AddressFamily.IPV6;
    private int running;
    private int tried;
    private long nextAtNanos;

    public AddressRace() {
        for (AddressFamily family : AddressFamily.values()) {
            waiting.put(family, new ArrayDeque<>(0));
        }
    }

    /** The answer for one family has come; empty if the name has none, or if nobody said. Once for each family. */
    public void resolved(AddressFamily family, Collection<A> addresses, long nowNanos) {
        if (!unresolved.remove(family)) {
            throw new IllegalStateException(family + " is resolved already");
        }
        for (A address : addresses) {
            if (known.add(address)) {
                waiting(family).add(address);
            }
        }
        if (tried > 0) {
            return;
        }
        // Section 3: "If a positive A response is received first due to reordering, the client SHOULD wait a short time
        // for
        // the AAAA response"
        nextAtNanos = unresolved.contains(AddressFamily.IPV6) ? nowNanos + RESOLUTION_DELAY_NANOS : nowNanos;
    }

    /** The address to try now; null if none is due. Each one that is given ends in {@link #failed}, or wins. */
    public @Nullable A poll(long nowNanos) {
        if (!hasWaiting() || nowNanos - nextAtNanos < 0) {
            return null;
        }
        AddressFamily family = waiting(turn).isEmpty() ? turn.other() : turn;
        A next = waiting(family).poll();
        turn = family.other();
        nextAtNanos = nowNanos + ATTEMPT_DELAY_NANOS;
        running++;
        tried++;
        return next;
    }

    /** One that was polled could not be connected to. */
    public void failed(long nowNanos) {
        if (running == 0) {
            throw new IllegalStateException("no attempt is running");
        }
        running--;
        nextAtNanos = nowNanos;
    }

    /** Whether an address waits for its time, which is {@link #nextAtNanos}. */
    public boolean hasWaiting() {
        return tried < MAX_ADDRESSES
                && !(waiting(AddressFamily.IPV6).isEmpty()
                        && waiting(AddressFamily.IPV4).isEmpty());
    }

    /** When the next address is due, which may be past; means nothing where none waits. */
    public long nextAtNanos() {
        return nextAtNanos;
    }

    /** Whether nothing is left: every family has been answered, and every address tried has failed. */
    public boolean isLost() {
        return unresolved.isEmpty() && running == 0 && !hasWaiting();
    }

    private Queue<A> waiting(AddressFamily family) {
        Queue<A> queue = waiting.get(family);
        if (queue == null) {
            throw new IllegalStateException("no queue for " + family);
        }
        return queue;
    }
}
