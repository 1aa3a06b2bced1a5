namespace Plant.Panel;

/// <summary>Shows pictures of the panel.</summary>
internal interface IPanelView
{
    /// <summary>Shows a picture instead of the one before.</summary>
    void Show(PanelPicture picture);
}
