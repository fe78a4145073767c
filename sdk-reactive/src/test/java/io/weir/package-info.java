/** What the documentation shows, compiled and run. */
@NullMarked
package io.weir;

import org.jspecify.annotations.NullMarked;
