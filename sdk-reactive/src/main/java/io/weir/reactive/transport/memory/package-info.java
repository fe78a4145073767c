/**
 * A transport inside one process, without sockets: perfect links between names, on any Reactor scheduler, so that whole
 * networks run in virtual time and in one thread.
 */
@NullMarked
package io.weir.reactive.transport.memory;

import org.jspecify.annotations.NullMarked;
