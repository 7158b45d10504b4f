using System.Globalization;
using Actors.Messages.Functions;

namespace Actors.Pools;

/// <summary>Finds the items of a map that cannot be sent, because they cannot be serialized or are too large.</summary>
internal static class UnsentItems
{
    /// <summary>Whether an exception of a submission is about the function or its arguments, and not about the pool.</summary>
    public static bool IsRefusal(Exception exception) => exception is NotCarriedException or PayloadTooLargeException;

    /// <summary>Gets the error for the first item of a chunk that cannot be serialized.</summary>
    /// <param name="encode">Encodes a call with items.</param>
    /// <param name="chunk">The items.</param>
    /// <param name="refusal">The error of the whole chunk, which is returned if no item fails alone.</param>
    /// <exception cref="NotCarriedException">The function itself cannot be sent.</exception>
    public static Exception FindFirst<T>(
        Func<ChunkItems<T>, PreparedCall> encode, ChunkItems<T> chunk, Exception refusal)
    {
        var function = GetFunction(encode);
        for (var i = 0; i < chunk.Items.Length; i++)
        {
            try
            {
                encode(chunk.GetItem(i));
            }
            catch (Exception item) when (IsRefusal(item))
            {
                return NameItem(item, function, chunk.Start + i);
            }
        }

        return FailedCall.AttachCall(refusal, new CallName(default, function, chunk.Start, chunk.Items.Length));
    }

    /// <summary>Submits each item of a chunk as a separate job. The items that cannot be sent fail.</summary>
    /// <param name="encode">Encodes a call with items.</param>
    /// <param name="chunk">The items.</param>
    /// <param name="split">Creates the jobs and receives the failures.</param>
    /// <param name="submit">Submits a job.</param>
    /// <exception cref="NotCarriedException">The function itself cannot be sent.</exception>
    public static async Task SubmitOthersAsync<T>(
        Func<ChunkItems<T>, PreparedCall> encode, ChunkItems<T> chunk, ISplitChunk split,
        Func<ChunkJob, PreparedCall, Task> submit)
    {
        var function = GetFunction(encode);
        for (var i = 0; i < chunk.Items.Length; i++)
        {
            try
            {
                await submit(split.CreateJob(chunk.Start + i), encode(chunk.GetItem(i))).ConfigureAwait(false);
            }
            catch (Exception refusal) when (IsRefusal(refusal))
            {
                split.FailItem(chunk.Start + i, NameItem(refusal, function, chunk.Start + i));
            }
        }
    }

    // Without items, only the function can be refused.
    private static string GetFunction<T>(Func<ChunkItems<T>, PreparedCall> encode) => encode(default).Function.Name;

    private static Exception NameItem(Exception refusal, string function, long index)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"Item {index} of {function} was not submitted. {refusal.Message}");
        Exception named = refusal is PayloadTooLargeException
            ? new PayloadTooLargeException(message, refusal)
            : new NotCarriedException(message, refusal);
        return FailedCall.AttachCall(named, new CallName(default, function, index, 1));
    }
}
