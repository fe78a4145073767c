/**
 * The session pipeline: core machines hosted on one loop.
 *
 * <pre>
 *   outbound   half-streams --> fair merge --> seal --> link
 *   inbound    link --> records --> open --> demultiplex --> half-streams
 * </pre>
 *
 * The pipeline's element is the record, not the payload. Everything here is confined to the session's
 * {@link io.weir.reactive.transport.SessionLoop} unless a class says otherwise, so state has no locks.
 */
@NullMarked
package io.weir.reactive.session;

import org.jspecify.annotations.NullMarked;
