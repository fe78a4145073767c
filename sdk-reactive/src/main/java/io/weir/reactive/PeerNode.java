package io.weir.reactive;

import io.weir.core.crypto.CipherProvider;
import io.weir.core.datagram.DatagramCounts;
import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.identity.PeerId;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.peer.PeerAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One running endpoint: an identity, its listeners and its sessions. Made by {@link PeerNodeSpec#start}. All methods may
 * be called from any thread.
 */
public interface PeerNode extends Disposable {

    /** This node's public key. */
    PeerId id();

    /** The addresses it listens on, with their real ports and this node's id: what a peer needs to connect. */
    List<PeerAddress> addresses();

    /**
     * The port of the listener that was declared first and has one: the real one, where the system was to choose.
     *
     * @throws IllegalStateException if the node does not listen at any port
     */
    int port();

    /**
     * Whose AES-256-GCM seals and opens the records of its sessions, as {@link PeerNodeSpec#nativeCipher} and the class path
     * have it: its name and version. Records of the other cipher suite are always left to the preferred provider.
     */
    CipherProvider cipherProvider();

    /**
     * What happens: first a Listening for each listener and a ConnectionReady for each live session, then everything
     * live. Multicast; beside what was the case when it came, 256 events are kept for each subscriber that is slower, then
     * whole pairs are dropped and counted by {@link PeerEvent.EventsDropped}, never the end of a session whose Ready it saw.
     * Signals come serially, on the sessions' loops: a subscriber must not block. One that does holds the loop it was called
     * on, no other, and is slow meanwhile.
     */
    Flux<PeerEvent> events();

    /**
     * The live sessions, then each new one. Observes; does not gate or own. A subscriber that is slow misses none that
     * lives: those it has not seen wait for it, each only until its end.
     */
    Flux<PeerSession> sessions();

    /** The live sessions at this moment, in the order of their numbers; unmodifiable. */
    List<PeerSession> liveSessions();

    /**
     * The connections with a live session, in the order in which they were begun: a snapshot. Costs a walk over the sessions
     * and no lock, so that it may be asked as often as somebody looks.
     */
    List<ConnectionInfo> connections();

    /**
     * The live connection that {@link #connect} to this address would not dial for, also one that drains: with the peer that
     * the address expects; or, where it expects nobody, that to which an earlier dial to it has led, or whose far end it is.
     */
    Optional<ConnectionInfo> connection(PeerAddress address);

    /** The live connection with that far end ({@link PeerSession#remoteAddress}). */
    Optional<ConnectionInfo> connection(SocketAddress address);

    /**
     * A session with the peer at this address. Cold. Concurrent subscribers share one dial; a live session with that
     * peer (the address's expected id) or with that address is emitted instead of dialling. Cancelling the last
     * subscriber aborts the dial; a session that is ready stays. There is one session for each peer: a dial that meets
     * another one of that peer, or one that the peer has dialled meanwhile, emits that.
     *
     * @return fails with {@link io.weir.core.error.ConnectException}, whose reason says which layer refused and whether
     *     a retry can help
     */
    Mono<PeerSession> connect(PeerAddress address);

    /** {@link #connect} and wait; the only blocking form. */
    PeerSession connectNow(PeerAddress address, Duration timeout);

    /** Keeps the peers that are wanted connected; none are at first. Always the same. */
    ConnectionManager peers();

    /** That peer across its sessions. Does nothing by itself. */
    Peer peer(PeerId id);

    /** Peers by number, and payloads to and from them; from the first call on, each session has a stream for them. */
    Routes routes();

    /**
     * Memory that is promised to peers now, in bytes of {@link NodeLimits#nodeBudgetBytes()}: windows, the opens that they
     * may still make, large payloads. 0 where no session lives, what ended ones had queued has been taken, and no handler goes on
     * with a one-way message of one.
     */
    long reservedBytes();

    /**
     * Memory that is held now for what this node has accepted and not yet written, in bytes of {@link
     * NodeLimits#nodeSendBudgetBytes()}: elements that {@code trySend} took, elements that {@code send} has encoded and that
     * wait for credit, requests, one-way messages and replies. 0 where everything has been written, or its session has ended.
     */
    long unsentBytes();

    /**
     * What this node's ports for datagrams have done since its beginning, those of QUIC and those that are closed included; all 0 without one.
     * It tells what the system has not taken, too.
     */
    DatagramCounts datagramCounts();

    /**
     * Datagrams that were dropped at this node's ports since its beginning, by reason; no entry where there were none. Each is
     * somebody's fault, of the network's or of an attacker's, and nothing but this count has come of it. What QUIC's library drops is not told.
     */
    Map<Drop, Long> droppedDatagrams();

    /** What the fast path has done since the beginning: all zeros for a node that has none. */
    FastPathStats fastPath();

    /** What it has done since its beginning, and what it has in hand; also of a node that is closed. Costs a walk over sessions and streams. */
    NodeStats stats();

    /**
     * The same again and again: a snapshot for each that is asked for, taken when it is, at most one in each interval, on the scheduler of
     * {@link PeerNodeSpec#scheduler}. Cold. Who stops asking costs nothing.
     *
     * @param interval 1 ms to 365 days
     * @return completes when the node is closed
     * @throws IllegalArgumentException if the interval is out of range
     */
    Flux<NodeStats> stats(Duration interval);

    /** {@link #vote(PeerAddress, RootSet, VoteOptions)} with {@link VoteOptions#defaults}. */
    default Mono<Vote> vote(PeerAddress address, RootSet roots) {
        return vote(address, roots, VoteOptions.defaults());
    }

    /**
     * Asks the node at an address whether its roots are these, by a datagram, without a session. Cold: each subscription asks anew. The
     * question goes out again after 0.5, 1, 2, 4 and then every 8 seconds until it is answered or there is no time left. A node
     * that has no roots, does not know the key, or is asked too often, says nothing.
     *
     * <p>The vote is emitted on the port's loop: its subscriber must not block. What it proves, and to whom, is told in
     * {@code docs-site/server.md}: without a key, that somebody who saw the question has answered.
     *
     * @param address of scheme {@code udp}; whom it expects to be there is not looked at
     * @return fails with {@link io.weir.core.error.ReplyMissingException}: REQUEST_TIMEOUT; BUSY where 4,096 votes are open at the port;
     *     PAYLOAD_TOO_LARGE where the way takes no datagram of that size, as Ethernet does of more than 45 roots (44 with a key);
     *     NODE_CLOSED. With {@link io.weir.core.error.ConnectException} where the address leads nowhere
     */
    Mono<Vote> vote(PeerAddress address, RootSet roots, VoteOptions options);

    /**
     * Ends the node in good order: stops listening and dialling, drains every session ({@link PeerSession#drain}), then
     * closes. Cold; completes when all is closed. What the deadline cuts off is told by {@link PeerEvent.DrainCutOff}.
     * {@link #dispose} meanwhile closes at once.
     *
     * @param deadline 0 to 1 h
     */
    Mono<Void> shutdown(Duration deadline);

    /** Closes listeners, then all sessions with END. Cold; completes when all is closed. */
    Mono<Void> close();

    /** Closes everything now. */
    @Override
    void dispose();

    @Override
    boolean isDisposed();

    /** Emits why the node ended, then completes. Only observes. */
    Mono<CloseReason> onClose();
}
