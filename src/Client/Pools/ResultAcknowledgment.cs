namespace Actors;

/// <summary>When a durable pool removes the outcome of a job; see <see cref="PoolOptions.Acknowledgment"/>.</summary>
public enum ResultAcknowledgment
{
    /// <summary>
    /// Some seconds after the awaiting code has received it, from <c>await</c>, <c>Get</c>, <c>Task</c> or a callback for the result. An
    /// outcome that no code receives is retained for <see cref="PoolOptions.ResultRetention"/>.
    /// </summary>
    WhenReceived = 0,

    /// <summary>
    /// After <see cref="JobHandle.Acknowledge"/>, which the program calls when it has processed the outcome. Other outcomes are retained
    /// for <see cref="PoolOptions.ResultRetention"/>. The outcomes of maps are removed when they have arrived.
    /// </summary>
    Explicit = 1,

    /// <summary>
    /// When the job ends. The outcome goes to the program that is connected then, and is lost when there is none or when it crashes. For
    /// jobs whose results are not read.
    /// </summary>
    None = 2,
}
