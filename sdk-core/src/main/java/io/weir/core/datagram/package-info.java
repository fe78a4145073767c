/**
 * What every datagram of Weir has in common, and the sealed one, the packet (PROTOCOL sections 1 and 2). The handshake over
 * datagrams is in {@code io.weir.core.handshake}.
 *
 * <pre>
 *   datagram --&gt; DatagramType --+-- INIT, FINISH ------------------------------&gt; handshake, responder
 *                               +-- RETRY, RESPONSE, REJECT -- ReceiverIndexes --&gt; handshake, initiator
 *                               +-- PACKET ------------------- ReceiverIndexes --&gt; PacketOpener --&gt; frames
 *                               |                                   |
 *                               +-- FAST -- NetworkBuckets --&gt; QuestionQueue --&gt; a handler --&gt; ANSWER
 *                               |                                   |
 *                               +-- none of these --&gt; DropCounts &lt;--+-- StrayPackets: nobody has this index
 *
 *   frames --&gt; PacketSealer --&gt; datagram
 * </pre>
 *
 * <p>Pure and deterministic. What a datagram holds never throws: it is dropped and counted.
 */
@NullMarked
package io.weir.core.datagram;

import org.jspecify.annotations.NullMarked;
