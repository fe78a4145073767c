package io.weir.samples.cli.peers;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionManager.PeerChange;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.samples.cli.progress.ProgressStyle;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows where peers are at: on a terminal a table that is drawn anew, at most ten times a second; elsewhere a line for each
 * change; or nothing. Any thread.
 */
public final class PeersDisplay implements AutoCloseable {

    /** How often the table is drawn at most, and so how often to {@link #tick}. */
    public static final Duration REDRAW = Duration.ofMillis(100);

    private static final String UP = "\033[%dA";
    private static final String CLEAR_TO_LINE_END = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";

    /**
     * Where it is shown.
     *
     * @param terminal takes the table
     * @param columns width of the terminal
     * @param rows height of the terminal
     * @param lines takes the lines
     * @param json whether the lines are for programs; then there is no table
     */
    public record Surface(
            ProgressStyle style, PrintStream terminal, int columns, int rows, Consumer<String> lines, boolean json) {}

    private final Surface surface;
    private final LongSupplier nanoTime;
    private final Clock wall;
    private final PeersTable table;
    private final Map<Object, PeerView> peers = new LinkedHashMap<>();
    private List<String> drawn = List.of();
    private long nextNanos;
    private boolean closed;

    /** Shows nobody at first. */
    public PeersDisplay(Surface surface) {
        this(surface, System::nanoTime, Clock.systemDefaultZone());
    }

    PeersDisplay(Surface surface, LongSupplier nanoTime, Clock wall) {
        this.surface = surface;
        this.nanoTime = nanoTime;
        this.wall = wall;
        table = new PeersTable(surface.columns(), surface.rows());
        nextNanos = nanoTime.getAsLong();
    }

    /** A peer has come to that. That it is wanted no more, because all of it ends, is not shown. */
    public void show(PeerChange change) {
        if (!(change.state() instanceof PeerState.Removed)) {
            WantedPeer wanted = change.peer().wanted();
            show(change.peer(), name(wanted), wanted.id(), change.state());
        }
    }

    synchronized void show(Object peer, String name, @Nullable PeerId id, PeerState state) {
        if (closed) {
            return;
        }
        long nowNanos = nanoTime.getAsLong();
        PeerView view = peers.computeIfAbsent(peer, p -> new PeerView(name, id));
        view.become(state, nowNanos, wall.instant());
        if (surface.json()) {
            surface.lines().accept(view.json(nowNanos).toString());
        } else if (surface.style() == ProgressStyle.PLAIN) {
            surface.lines().accept(view.line(nowNanos));
        }
        tick();
    }

    /** Time passes: draws the table if it looks different, and the last drawing is old enough. */
    public synchronized void tick() {
        long nowNanos = nanoTime.getAsLong();
        if (!closed && nowNanos - nextNanos >= 0) {
            draw(nowNanos);
        }
    }

    /** Draws the last change, and leaves it as it is. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            draw(nanoTime.getAsLong());
        }
    }

    private void draw(long nowNanos) {
        if (surface.json() || surface.style() != ProgressStyle.BAR) {
            return;
        }
        List<String> lines =
                table.draw(peers.values(), new PeersTable.Moment(nowNanos, wall.instant(), wall.getZone()));
        if (lines.equals(drawn)) {
            return;
        }
        StringBuilder text = new StringBuilder(drawn.isEmpty() ? "" : String.format(UP, drawn.size()));
        lines.forEach(
                line -> text.append('\r').append(line).append(CLEAR_TO_LINE_END).append('\n'));
        surface.terminal().print(text.append(CLEAR_BELOW));
        surface.terminal().flush();
        drawn = lines;
        nextNanos = nowNanos + REDRAW.toNanos();
    }

    /** Where it is dialled first, else who it is. */
    private static String name(WantedPeer wanted) {
        PeerId id = wanted.id();
        return wanted.addresses().stream()
                .findFirst()
                .map(address -> address.expecting(null))
                .map(PeerAddress::toString)
                .orElseGet(() -> String.valueOf(id));
    }
}
