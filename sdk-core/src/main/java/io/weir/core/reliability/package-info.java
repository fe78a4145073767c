/**
 * What has become of packets on a way that loses, delays, reorders and doubles them: acknowledgement and loss recovery as in
 * RFC 9002, of one flow of numbered packets. A packet's number is never used twice; what a lost packet carried goes out in a
 * packet with a number of its own.
 *
 * <pre>
 *   sending                                                     receiving
 *
 *   LossRecovery --- packets, numbered ---------------------&gt;  AckRanges          what has come, repeats
 *     SentPackets            what is under way                  FeedbackSchedule   when to tell
 *     LossDetector           is this one lost?                      |              ReceiveSequencer   whose turn it is
 *     ProbeTimeout           when to ask                            |
 *     PersistentCongestion   was that an outage?                    |
 *     SpuriousLoss           was it lost at all?                    |
 *        ^                                                          |
 *        +------------------ FEEDBACK: ranges, delay ---------------+
 * </pre>
 *
 * <p>Pure and deterministic: time is an argument, in nanoseconds of any monotonic clock, which may wrap around. Each decision
 * is a function of its own, and {@link io.weir.core.reliability.LossRecovery} alone knows all of them. Confined to one thread.
 */
@NullMarked
package io.weir.core.reliability;

import org.jspecify.annotations.NullMarked;
