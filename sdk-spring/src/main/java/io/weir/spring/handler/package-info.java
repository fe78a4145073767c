/** Finds annotated methods that answer peers, checks their signatures and calls them. */
@NullMarked
package io.weir.spring.handler;

import org.jspecify.annotations.NullMarked;
