/**
 * What a path that carries datagrams can take, found out by the side that sends. Nothing here is wired to a session yet.
 */
@NullMarked
package io.weir.core.path;

import org.jspecify.annotations.NullMarked;
