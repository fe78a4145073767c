/**
 * What a node and its sessions may hold: pools, lines of those that wait for room, reservations of large payloads, and the
 * sender's budget.
 */
@NullMarked
package io.weir.reactive.session.memory;

import org.jspecify.annotations.NullMarked;
