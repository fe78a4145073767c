/** Tests of an application's handlers and clients, in virtual time. */
@NullMarked
package io.weir.spring.test;

import org.jspecify.annotations.NullMarked;
