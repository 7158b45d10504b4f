namespace Actors;

/// <summary>
/// Thrown when the worker cannot find the function of a job, or the job may not call it. The assembly is missing, is of another build than
/// the caller's, or belongs to the framework or this library. Code that awaits a waiting job of a durable pool receives it too, if no build
/// in use can run the job; the job stays in the pool.
/// </summary>
public sealed class FunctionNotFoundException : Exception
{
    /// <summary>Creates the exception with a default message.</summary>
    public FunctionNotFoundException() : base("The worker cannot find the function of the job.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The missing or different assembly, type or method.</param>
    public FunctionNotFoundException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The missing or different assembly, type or method.</param>
    /// <param name="innerException">The exception of the runtime; null if there is none.</param>
    public FunctionNotFoundException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
