package io.weir.reactive;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.identity.Identity;
import io.weir.core.identity.NetworkKey;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A node to be: inert and immutable. Each call returns a changed copy, so one spec can be the base of many nodes.
 */
public interface PeerNodeSpec {

    /** Who this node is. Default: a fresh identity for each start. */
    PeerNodeSpec identity(Identity identity);

    /** Also listens here; port 0 takes a free one. Default: listens nowhere. */
    PeerNodeSpec listen(PeerAddress address);

    /**
     * Also listens for TCP and for datagrams at one port number, both or neither; port 0 takes a number that is free for both. The
     * host {@code ::} takes IPv6 and IPv4. Nobody is let in at the one before the other is there.
     *
     * @param port 0 to 65,535
     */
    PeerNodeSpec listenOnOnePort(String host, int port);

    /**
     * Also listens for those transports at one port number, all of them or none: {@link PeerAddress#TCP}, {@link PeerAddress#UDP} and {@link
     * PeerAddress#QUIC}, of which the last two share one socket. Port 0 takes a number that is free for all. Where QUIC is among them and
     * what it needs is not on the class path, the node does not start and says what is missing.
     *
     * @param port 0 to 65,535
     * @param schemes one or more of the three, each once, in any order
     */
    PeerNodeSpec listenOnOnePort(String host, int port, String... schemes);

    /** Who may connect. Default: everyone who proves an identity. */
    PeerNodeSpec admission(PeerAdmission admission);

    /** Only peers that know this key too can connect (Noise XXpsk3). Default: none. */
    PeerNodeSpec networkKey(NetworkKey key);

    /** The cipher to propose when dialling; a listener takes what is proposed. Default: AES-256-GCM. */
    PeerNodeSpec cipher(CipherSuite cipher);

    /**
     * Whether native code may seal and open the records, which nobody else in the process is affected by: it is not
     * registered. {@link PeerNode#cipherProvider} tells whose does. Nodes whose transports replace sockets, as those of tests,
     * leave it to the preferred provider. Default: {@link NativeCipher#IF_PRESENT}.
     */
    PeerNodeSpec nativeCipher(NativeCipher use);

    /** Answers the streams that peers open under this name, with the opener's reliability and default windows. */
    PeerNodeSpec onStream(String name, StreamHandler handler);

    /** The same with this side's stream configuration. */
    PeerNodeSpec onStream(String name, StreamConfig config, StreamHandler handler);

    /** Answers the requests that peers make of this route. Others are answered {@code NO_HANDLER}. */
    PeerNodeSpec onRequest(String route, RequestHandler handler);

    /** Takes the one-way messages of this name; those that no handler takes are shown by {@link PeerSession#messages}. */
    PeerNodeSpec onMessage(String name, MessageHandler handler);

    /**
     * Answers the questions of one command at each listener for datagrams, of anybody, without a session: the fast path. Those of other
     * commands are dropped and counted. {@link io.weir.reactive.integrity.IntegrityService} is one, for command 7.
     *
     * @param command 0 to 255
     * @throws IllegalArgumentException if the command has a handler already
     */
    PeerNodeSpec fastPath(int command, FastPathHandler handler);

    /** Limits and times. Default: {@link NodeLimits#defaults()}. */
    PeerNodeSpec limits(NodeLimits limits);

    /** How the peers of {@link PeerNode#peers()} are kept. Default: {@link ConnectionPolicy#defaults()}. */
    PeerNodeSpec connections(ConnectionPolicy policy);

    /**
     * Where the node keeps its peers: the delays between dials, and the signals of {@link PeerNode#peers()}. Its clock counts
     * too, so virtual time works. The caller keeps and disposes it. Default: Reactor's parallel one.
     */
    PeerNodeSpec scheduler(Scheduler scheduler);

    /** Uses this transport for its scheme, in place of the one that comes with Weir. The caller keeps and disposes it. */
    PeerNodeSpec transport(Transport transport);

    /**
     * What the TCP sockets of the node's own transport are made with; a transport that was {@linkplain #transport given} has what it
     * was made with. Default: {@link TcpOptions#defaults()}.
     */
    PeerNodeSpec tcp(TcpOptions options);

    /** The same for UDP, and for QUIC over it. Default: {@link UdpOptions#defaults()}. */
    PeerNodeSpec udp(UdpOptions options);

    /**
     * Tells everything that happens at the node, from the first listener on: also what nobody could subscribe for, such as
     * the {@link PeerEvent.ListeningError} of a node that then does not start. Called serially, on any loop: it must not
     * block. What it throws is dropped, as Reactor drops errors. Each call adds another observer. Nothing is left out for one
     * that keeps up; one that blocks all the same holds the loop it was called on, no other, and while 16,384 events wait
     * for it new ones are dropped, by the rules of {@link PeerNode#events()}.
     */
    PeerNodeSpec onEvent(Consumer<? super PeerEvent> observer);

    /**
     * Tells every failure of a handler of streams, requests or one-way messages, and of a publisher that a handler of streams
     * sends; the log has them too, but not each of many. A handler that fails with
     * {@link io.weir.core.error.RequestRefusedException}, or because its stream or session is over, has not failed. Called on
     * any thread, also on several at once: it must not block. What it throws is dropped, as Reactor drops errors. Each call
     * adds another hook.
     */
    PeerNodeSpec onHandlerError(Consumer<? super HandlerError> hook);

    /**
     * Tells what the node does, record by record and message by message, for metrics and recordings; what sessions, dials and
     * listeners come to is told to {@link #onEvent} as well. Called on the sessions' loops: it must not block. Each call adds
     * another observer. Default: none, which costs nothing.
     */
    PeerNodeSpec observer(NodeObserver observer);

    /**
     * Sees everything that this node asks, sends and opens, and everything that its handlers are called for: for headers, the
     * Reactor context and ends. Each call adds another, asked behind those before it. Default: none, which costs nothing.
     */
    PeerNodeSpec intercept(Interceptor interceptor);

    /**
     * Carries entries of the Reactor {@code Context} across the wire, with every request, one-way message, stream, subscription and
     * exchange: of whoever asks here into headers, and from the headers that came into the context of the handler that is called here,
     * which its publisher sees, and all that it asks in turn. Both nodes declare it, by the same headers.
     *
     * <pre>{@code
     * Weir.node().context(
     *         (context, headers) -> context.<String>getOrEmpty("tenant").map(id -> headers.with("tenant", id)).orElse(headers),
     *         (headers, context) -> headers.text("tenant") == null ? context : context.put("tenant", headers.text("tenant")));
     * }</pre>
     *
     * <p>The functions are called as an {@link Interceptor}'s are, and in its place: on the subscriber's thread and on the session's
     * loop, never blocking; what they throw, or null in place of a result, is what the thing ends with. So it does, with
     * {@link IllegalArgumentException}, where the headers outgrow their limits
     * ({@link Headers#MAX_ENTRIES}, {@link Headers#MAX_ENCODED_BYTES}). A peer's headers are its word, not verified.
     *
     * @param toHeaders what to say of a context, beside the headers that the call has already; not asked for a context that is empty
     * @param toContext what to make of headers that came, beside what the context has already; not asked where there are none
     */
    PeerNodeSpec context(
            BiFunction<? super ContextView, ? super Headers, Headers> toHeaders,
            BiFunction<? super Headers, ? super Context, Context> toContext);

    /** {@link #listen} for several. */
    default PeerNodeSpec listen(Collection<PeerAddress> addresses) {
        PeerNodeSpec spec = this;
        for (PeerAddress address : addresses) {
            spec = spec.listen(address);
        }
        return spec;
    }

    /**
     * Makes the process ready for its first peer, with the first node that it starts: what native code there is for records is
     * loaded and tested, or the JDK's is warmed up, and what a session needs is loaded, each on a thread of its own and for at
     * most 30 s. Then binds every listener, or none and fails with {@link io.weir.core.error.ListenException}, the twin of the
     * {@link PeerEvent.ListeningError} that {@link #onEvent} hears. Cold: each subscription starts a node of its own.
     */
    Mono<PeerNode> start();

    /** {@link #start} and wait. */
    PeerNode startNow(Duration timeout);
}
