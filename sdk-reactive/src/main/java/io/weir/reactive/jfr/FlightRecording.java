package io.weir.reactive.jfr;

import io.weir.reactive.NodeObserver;

/**
 * A node in the recordings of the JDK's Flight Recorder, however they are started ({@code jcmd}, an option of the JVM, code):
 *
 * <table>
 * <caption>Events</caption>
 * <tr><th>event</th><th>what it spans</th><th>what it tells</th></tr>
 * <tr><td>{@code io.weir.Session}</td><td>a session, from ready to its end</td><td>number, peer, address, who dialled,
 * reason of the end</td></tr>
 * <tr><td>{@code io.weir.Stall}</td><td>nothing: it comes at the stall's end</td><td>which sending half was blocked, by what
 * ({@code credit}: the subscriber at the peer is slow; {@code link}), and for how long. The setting
 * {@code blockedThreshold}, {@code 100 ms} by default, leaves out the shorter ones</td></tr>
 * <tr><td>{@code io.weir.Reconnect}</td><td>from a session's end, if not by {@code close()} or a drain, to the next session with the
 * same peer</td><td>peer, why the session had ended, dials to the peer that failed meanwhile, numbers of both sessions</td></tr>
 * </table>
 *
 * <p>Events are written on the loops of the sessions that they are about; those that nobody records cost a few ns.
 */
public final class FlightRecording {

    private static final String MODULE = "jdk.jfr";

    private FlightRecording() {}

    /**
     * An observer for {@link io.weir.reactive.PeerNodeSpec#observer}, one for each node. While nothing is recorded it keeps an
     * object for each session; on a JVM without the module {@code jdk.jfr} it does nothing.
     */
    public static NodeObserver observer() {
        return ModuleLayer.boot().findModule(MODULE).isPresent() ? new FlightObserver() : new NodeObserver() {};
    }
}
