namespace Actors.Coordinator.Payloads;

/// <summary>The share of the coordinator's store that one client takes.</summary>
/// <param name="Count">The number of its payloads.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Uploads">The number of payloads that it is uploading.</param>
public readonly record struct PayloadUsage(int Count, long Bytes, int Uploads)
{
    /// <summary>Gets the reason why the client may not have another payload. Null if it may.</summary>
    public string? CheckLimits(PayloadEntry payload, PayloadLimits limits)
    {
        if (Count >= PayloadLimits.MaxPayloadsOfClient || payload.Length > limits.ClientSpace - Bytes)
        {
            return FormattableString.Invariant(
                $"The client's share of the store for large payloads is full: {Bytes:N0} of {limits.ClientSpace:N0} bytes ")
                + FormattableString.Invariant($"and {Count:N0} of {PayloadLimits.MaxPayloadsOfClient:N0} files are used, ")
                + FormattableString.Invariant($"and {payload.Length:N0} bytes more do not fit. ")
                + "Submit fewer at once, or start the coordinator with a larger --client-payload-space.";
        }

        return payload.IsClientUpload && Uploads >= limits.ClientUploads
            ? FormattableString.Invariant($"One client uploads {limits.ClientUploads:N0} large arguments at once at most. ")
                + "Submit fewer at once, or start the coordinator with a larger --client-uploads."
            : null;
    }

    /// <summary>The usage with another payload.</summary>
    public PayloadUsage WithPayload(PayloadEntry payload) => new(Count + 1, Bytes + payload.Length, Uploads + UploadsOf(payload));

    /// <summary>The usage without one of the payloads.</summary>
    public PayloadUsage WithoutPayload(PayloadEntry payload) => new(Count - 1, Bytes - payload.Length, Uploads - UploadsOf(payload));

    private static int UploadsOf(PayloadEntry payload) => payload.IsClientUpload ? 1 : 0;
}
