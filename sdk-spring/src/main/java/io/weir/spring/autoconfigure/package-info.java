/** The auto-configurations: each of one thing, present where what it needs is. */
@NullMarked
package io.weir.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
