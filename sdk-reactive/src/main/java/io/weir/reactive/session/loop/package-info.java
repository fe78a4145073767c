/**
 * What confines a session to its loop: ways onto it from other threads, timers, broadcasts; and {@link
 * io.weir.reactive.session.loop.SessionContext}, which is all that the rooms of a session know of it.
 */
@NullMarked
package io.weir.reactive.session.loop;

import org.jspecify.annotations.NullMarked;
