/**
 * What a path that carries datagrams can take, found out by the side that sends: how much may be in flight, how fast it goes
 * out, how large a datagram may be, and whether the peer is where its packets come from. Nothing here is wired to a session
 * yet.
 *
 * <pre>
 *               packets out                            FEEDBACK: acknowledged, lost, marked
 *                    ^                                                  |
 *   +-- Path --------+--------------------------------------------------+------------+
 *   |                |                                                  v            |
 *   |   PathMtu   Pacer &lt;--window-- CongestionController &lt;--time-- PacketRttEstimator |
 *   |      |                            |           |                                |
 *   |      |                          Cubic      NewReno        BytesInFlight        |
 *   |  MtuSearch                        |                          used at all?      |
 *   |  BlackHoleDetector       CubicCurve, HyStart                                   |
 *   +--------------------------------------------------------------------------------+
 *
 *   PathValidation      where the peer is
 *   AntiAmplification   how much goes to an address before that is sure
 *   EcnValidation       whether marks of congestion come through, and the peer's counts of them can be believed
 *   SkippedNumbers      which numbers to leave out, so that a peer that acknowledges what never came is found out
 * </pre>
 *
 * <p>Which packets are acknowledged and which are lost is not decided here. Each part is a deterministic machine that knows
 * no other; {@link io.weir.core.path.Path} joins them.
 */
@NullMarked
package io.weir.core.path;

import org.jspecify.annotations.NullMarked;
